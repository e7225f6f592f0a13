"""Rules of what surrounds a person: contacts, protection, covers (dui.md §2.3)."""

from collections.abc import Iterable
from datetime import date

from virage.foundation.national_numbers import looks_like_nir
from virage.persons.enums import IdentifierKind, ProtectionKind
from virage.persons.rules.identity import Faults, age_on

ADULT_AGE_YEARS = 18  # Code civil, art. 414
LEGAL_GUARDIAN = "GUARD"
TRUSTED_PERSON = "NOK"
EMERGENCY = "ECON"
# As typed, and as ISO 3166 and the INSEE write it.
FRANCE = ("FRANCE", "FR", "FRA", "99100")
NEEDING_HOLDER = (
    ProtectionKind.CURATORSHIP,
    ProtectionKind.REINFORCED_CURATORSHIP,
    ProtectionKind.GUARDIANSHIP,
)


def faults_of_contact(*, family_name: str, given_name: str, is_second_trusted: bool) -> Faults:
    """Return French messages by field: a contact has a name, and one trusted person is active.

    The person names one personne de confiance (CSP L1111-6, CASF L311-5-1).
    """
    faults: Faults = {}
    if not family_name and not given_name:
        faults["family_name"] = ["Indiquez au moins un nom ou un prénom."]
    if is_second_trusted:
        faults["role"] = [
            "Une personne de confiance est déjà désignée : retirez-lui d’abord ce rôle."
        ]
    return faults


def faults_of_protection(
    *, kind: str, has_holder: bool, judged_on: date | None, ends_on: date | None, today: date
) -> Faults:
    """Return French messages by field; a tutelle or a curatelle names who holds it."""
    faults: Faults = {}
    if judged_on and judged_on > today:
        faults["judged_on"] = ["Le jugement est daté dans l’avenir."]
    if judged_on and ends_on and ends_on < judged_on:
        faults["ends_on"] = ["L’échéance précède le jugement."]
    if kind in NEEDING_HOLDER and not has_holder:
        faults["holder"] = [
            "Cette mesure demande un titulaire : ajoutez d’abord le contact, puis la mesure."
        ]
    return faults


def faults_of_coverage(
    *, payer: str, numbers: str, starts_on: date | None, ends_on: date | None
) -> Faults:
    """Return French messages by field: a cover names who pays, or gives a number."""
    faults = faults_of_period(starts_on, ends_on)
    if not payer and not numbers:
        faults["payer_name"] = ["Indiquez l’organisme, ou le numéro d’assuré."]
    return faults


def faults_of_period(starts_on: date | None, ends_on: date | None) -> Faults:
    """Return a French message for an end before its start (covers, numbers)."""
    if starts_on and ends_on and ends_on < starts_on:
        return {"ends_on": ["La fin précède le début."]}
    return {}


def faults_of_number(*, kind: str, value: str) -> Faults:
    """Return why a number is refused by hand: empty, or a NIR under another name.

    The NIR has two places: the INS, and the number used for reimbursement.
    """
    if not value:
        return {"value": ["Indiquez le numéro."]}
    if kind not in (IdentifierKind.SOCIAL_SECURITY, IdentifierKind.INS) and looks_like_nir(value):
        return {
            "value": ["Ce numéro ressemble à un numéro de sécurité sociale : changez la nature."]
        }
    return {}


def faults_of_telecom(value: str) -> Faults:
    """Return a French message for a telephone number or an e-mail address left empty."""
    return {} if value else {"value": ["Indiquez le numéro ou l’adresse électronique."]}


def abroad(country: str) -> str:
    """Return a country as a place names it: as it was given, and nothing for France."""
    return "" if country.strip().upper() in FRANCE else country


def lost_with_commune(changed: Iterable[str]) -> dict[str, str]:
    """Return, emptied, what another commune or postal code makes false in an address."""
    if {"city", "postal_code"}.isdisjoint(changed):
        return {}
    return {"district": "", "state": "", "insee_code": ""}


def missing_guardian(birth_on: date | None, roles: frozenset[str], today: date) -> bool:
    """Whether a minor has no holder of parental authority among the contacts (dui.md §2.3)."""
    if birth_on is None:
        return False
    return age_on(birth_on, today) < ADULT_AGE_YEARS and LEGAL_GUARDIAN not in roles
