"""Rules of identity (RNIV): traits, INS and its statuses, age. Dates are given by the caller."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, datetime

from virage.foundation.calendar import in_paris
from virage.foundation.coded import Coded
from virage.foundation.national_numbers import contradicted_by_nir, is_nir_valid
from virage.persons.enums import InsOid, InsStatus, Sex
from virage.persons.rules.names import first_given_name, foreign_signs

Faults = dict[str, list[str]]

# The five strict traits of the RNIV: the given names have a column, and the first one another.
STRICT_TRAITS = (
    "birth_family_name",
    "birth_given_names",
    "first_birth_given_name",
    "birth_on",
    "sex",
    "birth_place_code",
)
LOCKING = (InsStatus.RETRIEVED, InsStatus.QUALIFIED)
LONGEST_LIFE_YEARS = 125
_PLACE_CODE = re.compile(r"\d[\dAB]\d{3}")
_CONTRADICTIONS = {
    "sex": ("sex", "Le premier chiffre du matricule INS ne correspond pas au sexe."),
    "year": ("birth_on", "L’année du matricule INS n’est pas celle de la naissance."),
    "month": ("birth_on", "Le mois du matricule INS n’est pas celui de la naissance."),
}


@dataclass(frozen=True, kw_only=True)
class PersonTraits:
    """Who a person is: the five strict traits, the used names, and what surrounds birth."""

    birth_family_name: str
    first_birth_given_name: str = ""
    birth_given_names: str = ""
    used_family_name: str = ""
    used_given_name: str = ""
    sex: str = Sex.UNKNOWN
    birth_on: date | None = None
    birth_order: int | None = None
    birth_place_code: str = ""
    birth_place_name: str = ""
    birth_place_state: str = ""
    birth_country: str = ""
    household_situation: Coded = Coded()
    died_at: datetime | None = None


TRAITS = tuple(field.name for field in fields(PersonTraits))


def completed(traits: PersonTraits) -> PersonTraits:
    """Fill the first given name from the list of birth, or the list from the first."""
    first = traits.first_birth_given_name or first_given_name(traits.birth_given_names)
    return replace(
        traits, first_birth_given_name=first, birth_given_names=traits.birth_given_names or first
    )


def faults_of_signs(names: Mapping[str, str]) -> Faults:
    """Return what refuses birth names typed by hand: signs that no civil status writes (RNIV)."""
    return {
        field: [
            "Un nom s’écrit en lettres latines, avec espace, trait d’union ou apostrophe : retirez "
            + ", ".join(f"«\u00a0{sign}\u00a0»" for sign in signs)
            + "."
        ]
        for field, name in names.items()
        if (signs := foreign_signs(name))
    }


def age_on(birth_on: date, day: date) -> int:
    """Return the age in whole years on a day."""
    return day.year - birth_on.year - ((day.month, day.day) < (birth_on.month, birth_on.day))


def age_label(birth_on: date | None, day: date) -> str:
    """Return the age in words: years, months under two years, days under one month."""
    if birth_on is None or birth_on > day:
        return ""
    years = age_on(birth_on, day)
    if years >= 2:
        return f"{years} ans"
    months = (day.year - birth_on.year) * 12 + day.month - birth_on.month
    months -= day.day < birth_on.day
    days = (day - birth_on).days
    return f"{months} mois" if months else f"{days} jour{'s' if days > 1 else ''}"


def faults_of_traits(traits: PersonTraits, today: date) -> Faults:
    """Return French messages by field for traits typed by hand; empty when they hold.

    Names, sex and birth date are required (dui.md §2.1); a fact is never in the future (§2.0).
    """
    faults: Faults = {}
    if not traits.birth_family_name:
        faults["birth_family_name"] = ["Indiquez le nom de naissance, en lettres."]
    if not traits.first_birth_given_name:
        faults["first_birth_given_name"] = ["Indiquez le premier prénom de naissance, en lettres."]
    elif not f"{traits.birth_given_names} ".startswith(f"{traits.first_birth_given_name} "):
        faults["birth_given_names"] = ["La liste des prénoms commence par le premier prénom."]
    if traits.sex not in Sex.values:
        faults["sex"] = ["Indiquez le sexe porté sur l’acte de naissance."]
    if traits.birth_on is None:
        faults["birth_on"] = ["Indiquez la date de naissance."]
    elif fault := _fault_of_birth(traits.birth_on, today):
        faults["birth_on"] = [fault]
    if traits.birth_place_code and not _PLACE_CODE.fullmatch(traits.birth_place_code):
        faults["birth_place_code"] = [
            "Un code de lieu compte cinq caractères : commune INSEE, ou 99 puis le pays."
        ]
    if traits.died_at and (fault := _fault_of_death(traits.died_at, traits.birth_on, today)):
        faults["died_at"] = [fault]
    return faults


def _fault_of_birth(birth_on: date, today: date) -> str:
    if birth_on > today:
        return "La date de naissance est dans l’avenir."
    if age_on(birth_on, today) > LONGEST_LIFE_YEARS:
        return f"Cette date donne plus de {LONGEST_LIFE_YEARS} ans : vérifiez l’année."
    return ""


def _fault_of_death(died_at: datetime, birth_on: date | None, today: date) -> str:
    died_on = in_paris(died_at).date()
    if birth_on and died_on < birth_on:
        return "Le décès précède la naissance."
    return "Le décès est daté dans l’avenir." if died_on > today else ""


def plain_number(text: str) -> str:
    """Return a number as it is kept: without the spaces it was typed with, in capitals."""
    return "".join(text.split()).upper()


def faults_of_ins(value: str, oid: str, sex: str, birth_on: date | None) -> Faults:
    """Return what forbids typing this INS by hand: no authority, length, key, traits (RNIV)."""
    if not value and not oid:
        return {}
    faults: Faults = {}
    if oid not in InsOid.values:
        faults["ins_oid"] = ["Indiquez quel registre a donné le matricule."]
    if len(value) != 15:
        faults["ins_value"] = ["Un matricule INS compte 15 caractères, clé comprise."]
    elif not is_nir_valid(value):
        faults["ins_value"] = ["La clé ne correspond pas au matricule : vérifiez la saisie."]
    elif said := contradictions(value, sex, birth_on):
        faults["ins_value"] = [message for messages in said.values() for message in messages]
    return faults


def contradictions(ins_value: str, sex: str, birth_on: date | None) -> Faults:
    """Return, by trait, where an INS says otherwise (see `contradicted_by_nir`).

    That refuses an entry by hand; what is received is kept, and warned.
    """
    found: Faults = {}
    for what in contradicted_by_nir(ins_value, sex, birth_on):
        trait, message = _CONTRADICTIONS[what]
        found.setdefault(trait, []).append(message)
    return found


def are_traits_locked(status: str) -> bool:
    """Whether the national teleservice answered for the traits: unlock them before a change."""
    return status in LOCKING


def status_after_unlock(status: str) -> InsStatus:
    """Return the status once the traits are open again: what the check had given is lost."""
    return InsStatus.PROVISIONAL if are_traits_locked(status) else InsStatus(status)
