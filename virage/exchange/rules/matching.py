"""Whose record a file is: matching, and what a received identity is worth."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from virage.formats.fhir.names import oid_of
from virage.formats.tddui import record as transit
from virage.formats.tddui.identifiers import INS_SYSTEMS, current_ins, official_ins
from virage.foundation.national_numbers import contradicted_by_nir, is_nir_valid
from virage.persons.rules.identity import PersonTraits
from virage.persons.rules.likeness import are_same_strict_traits
from virage.persons.rules.names import strict_form


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A person of ours that a file may be about, and what makes us think so.

    `other_ins`: hers, of the registry of the one received, is another.
    """

    person_id: UUID
    traits: PersonTraits
    same_qualified_ins: bool = False
    same_ins: bool = False
    other_ins: bool = False
    same_local_identifier: bool = False


class Outcome(Enum):
    """What matching concludes."""

    NEW = "new"
    SAME = "same"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class Match:
    """The conclusion, the persons it is about, and in French why a human must decide."""

    outcome: Outcome
    person_ids: tuple[UUID, ...] = ()
    reason: str = ""


def match(
    received: PersonTraits, candidates: Iterable[Candidate], *, is_ins_unusable: bool = False
) -> Match:
    """Say whose record a file is: qualified INS, else local identifier and traits, else a human.

    A candidate without enough proof makes the identity doubtful, and so does another one who bears
    the INS received: the file is held, never guessed (`interop-dui.md` §6). `is_ins_unusable`: the
    file has an INS, which does not count (`usable_ins`).
    """
    known = list(candidates)
    proven = [candidate for candidate in known if _is_proven(received, candidate)]
    others = [candidate for candidate in known if candidate not in proven]
    if len(proven) == 1 and not any(other.same_ins for other in others):
        return Match(Outcome.SAME, (proven[0].person_id,))
    if known:
        person_ids = tuple(candidate.person_id for candidate in known)
        reason = _why_doubtful(received, known, proven, is_ins_unusable)
        return Match(Outcome.DOUBTFUL, person_ids, reason)
    return Match(Outcome.NEW)


def _why_doubtful(
    received: PersonTraits, known: list[Candidate], proven: list[Candidate], is_ins_unusable: bool
) -> str:
    numbered = [one for one in known if one.same_ins or one.same_local_identifier]
    if len(proven) > 1:
        return "Le numéro et les traits sont ceux de plusieurs dossiers."
    if proven:
        return "Le numéro local et les traits sont ceux d’un dossier, l’INS est celle d’un autre."
    if any(one.other_ins for one in known):
        return "L’INS reçue n’est pas celle que nous connaissons à cette personne."
    if any(are_same_strict_traits(received, one.traits) for one in numbered):
        return "L’INS est la même, mais personne ne l’a vérifiée ici : seule, elle ne prouve rien."
    if numbered:
        return "Un numéro est le même, mais un trait diffère ou manque."
    if is_ins_unusable:
        return (
            "L’INS reçue ne compte pas (clé fausse, ou plusieurs en vigueur), et aucun autre "
            "numéro n’est le même."
        )
    return "Les traits se ressemblent, mais aucun numéro n’est le même."


def _is_proven(received: PersonTraits, candidate: Candidate) -> bool:
    has_number = candidate.same_qualified_ins or candidate.same_local_identifier
    return (
        has_number
        and not candidate.other_ins
        and are_same_strict_traits(received, candidate.traits)
    )


def are_alike(one: PersonTraits, other: PersonTraits) -> bool:
    """Whether two of birth name, given name and birth date are the same; absent ones never are."""
    names = (
        (one.birth_family_name, other.birth_family_name),
        (one.first_birth_given_name, other.first_birth_given_name),
    )
    same = [strict_form(a) == strict_form(b) != "" for a, b in names]
    same.append(one.birth_on is not None and one.birth_on == other.birth_on)
    return sum(same) >= 2


def finess_of(number: str) -> str:
    """Return the FINESS inside a national structure number (`1` + FINESS), or an empty string.

    Nine characters alone are a FINESS too; a SIRET (`3` + 14 figures) is not.
    """
    if len(number) == 10 and number[0] == "1":
        return number[1:]
    return number if len(number) == 9 else ""


def usable_ins(received: transit.Person) -> list[tuple[str, str]]:
    """Return the INS that may serve to match, with their OID: current ones whose key is right.

    None when the file holds several for official.
    """
    if _has_several_ins(received):
        return []
    return [
        (one.value, oid_of(one.system))
        for one in current_ins(received.identifiers)
        if is_nir_valid(one.value)
    ]


def has_unusable_ins(received: transit.Person) -> bool:
    """Whether a file says an INS, and none that may serve to match."""
    return bool(current_ins(received.identifiers)) and not usable_ins(received)


def _has_several_ins(received: transit.Person) -> bool:
    official = official_ins(received.identifiers)
    return len({(one.value, one.system) for one in official}) > 1


def traits_are_sure(received: transit.Person) -> bool:
    """Whether nothing in a received identity calls for doubt: a birth date, and one INS, whose key
    is right and which does not contradict the traits.
    """
    numbers = [one.value for one in received.identifiers if one.system in INS_SYSTEMS]
    sex, birth_on = received.sex, received.birth_on
    are_right = all(
        is_nir_valid(number) and not contradicted_by_nir(number, sex, birth_on)
        for number in numbers
    )
    return birth_on is not None and are_right and not _has_several_ins(received)
