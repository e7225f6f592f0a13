"""Whether two sets of traits may be one person (RNIV: no creation without a search of doubles)."""

from datetime import date
from difflib import SequenceMatcher

from virage.persons.enums import Sex
from virage.persons.rules.identity import PersonTraits
from virage.persons.rules.names import strict_form

# Our own thresholds, tried on typing errors: one letter in six, and a nickname's half.
ALIKE = 0.82
NEAR = 0.6
SAME_INS = "Même matricule INS"
OTHER_BIRTH = "Date de naissance différente"


def likeness(typed: PersonTraits, known: PersonTraits, *, bears_ins: bool) -> list[str]:
    """Return why these may be the same person, in French; empty when nothing says so.

    To bear the INS typed is enough, and so are alike names: a birth date is soon mistyped. The same
    birth date with near names is asked about too.
    """
    reasons = []
    if bears_ins:
        reasons.append(SAME_INS)
    family = max(
        _ratio(one, other) for one in _family_names(typed) for other in _family_names(known)
    )
    given = max(_ratio(one, other) for one in _given_names(typed) for other in _given_names(known))
    birth = _birth_likeness(typed.birth_on, known.birth_on)
    if min(family, given) >= ALIKE:
        reasons.append(
            "Mêmes nom et prénom" if min(family, given) == 1 else "Nom et prénom proches"
        )
        reasons.append(birth)
    elif typed.birth_on and typed.birth_on == known.birth_on:
        if max(family, given) >= ALIKE and min(family, given) >= NEAR:
            reasons += ["Nom et prénom voisins", birth]
        elif given >= ALIKE and typed.sex == known.sex == "female":
            reasons += ["Même prénom, nom différent (nom d’usage ?)", birth]
    return reasons


def are_same_strict_traits(one: PersonTraits, other: PersonTraits) -> bool:
    """Whether all strict traits are the same; a sex or a place not known is no difference.

    Names are compared in strict form (RNIV), or as they are written when it keeps none of their
    letters; an unknown birth date is never the same.
    """
    return (
        _are_same(one.birth_family_name, other.birth_family_name)
        and _are_same(one.first_birth_given_name, other.first_birth_given_name)
        and one.birth_on is not None
        and one.birth_on == other.birth_on
        and _agree(one.sex, other.sex)
        and _agree(one.birth_place_code, other.birth_place_code)
    )


def _are_same(name: str, other: str) -> bool:
    form = strict_form(name)
    return form == strict_form(other) and (form != "" or name == other)


def _agree(one: str, other: str) -> bool:
    """Whether two traits are the same, or one of them is not known."""
    return one == other or not {one, other}.isdisjoint(("", Sex.UNKNOWN))


def _birth_likeness(one: date | None, other: date | None) -> str:
    """Say how two birth dates agree: equal, one unknown, swapped, one figure apart, or not."""
    if one is None or other is None:
        return "Date de naissance non comparable"
    if one == other:
        return "Même date de naissance"
    if one.year == other.year and (one.day, one.month) == (other.month, other.day):
        return "Jour et mois de naissance intervertis"
    apart = sum(a != b for a, b in zip(f"{one:%d%m%Y}", f"{other:%d%m%Y}", strict=True))
    return "Date de naissance à un chiffre près" if apart == 1 else OTHER_BIRTH


def _family_names(traits: PersonTraits) -> list[str]:
    names = {strict_form(traits.birth_family_name), strict_form(traits.used_family_name)} - {""}
    return sorted(names) or [""]


def _given_names(traits: PersonTraits) -> list[str]:
    names = {strict_form(traits.first_birth_given_name), strict_form(traits.used_given_name)} - {""}
    return sorted(names) or [""]


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(a=one, b=other, autojunk=False).ratio() if one and other else 0
