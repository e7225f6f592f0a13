"""Rules of import: whose record this is, and where each thing received is shelved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import Enum
from uuid import UUID

from virage.formats.tddui import record as transit
from virage.foundation.access.enums import Volet
from virage.foundation.national_numbers import is_nir_valid
from virage.persons.enums import InsOid
from virage.persons.rules.names import strict_form

INS_SYSTEMS = frozenset(f"urn:oid:{oid}" for oid in InsOid.values)


@dataclass(frozen=True, kw_only=True)
class Traits:
    """The traits that an identity is matched on, as received or as held."""

    family_name: str
    given_name: str
    birth_on: date | None
    sex: str
    birth_place_code: str = ""


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A person of ours that a file may be about, and what makes us think so."""

    person_id: UUID
    traits: Traits
    same_qualified_ins: bool = False
    same_ins: bool = False
    same_local_identifier: bool = False


class Outcome(Enum):
    """What matching concludes."""

    NEW = "new"
    SAME = "same"
    DOUBTFUL = "doubtful"


@dataclass(frozen=True)
class Match:
    """The conclusion, and the persons it is about."""

    outcome: Outcome
    person_ids: tuple[UUID, ...] = ()


def match(received: Traits, candidates: Iterable[Candidate]) -> Match:
    """Say whose record a file is: qualified INS, else local identifier and traits, else a human.

    A candidate without enough proof makes the identity doubtful: the file is held, never guessed
    (`interop-dui.md` §6).
    """
    known = list(candidates)
    proven = [candidate for candidate in known if _is_proven(received, candidate)]
    if len(proven) == 1:
        return Match(Outcome.SAME, (proven[0].person_id,))
    if known:
        return Match(Outcome.DOUBTFUL, tuple(candidate.person_id for candidate in known))
    return Match(Outcome.NEW)


def _is_proven(received: Traits, candidate: Candidate) -> bool:
    has_number = candidate.same_qualified_ins or candidate.same_local_identifier
    return has_number and traits_agree(received, candidate.traits)


def traits_agree(one: Traits, other: Traits) -> bool:
    """Whether two sets of strict traits name the same person; an unknown birth date never does."""
    return (
        strict_form(one.family_name) == strict_form(other.family_name)
        and strict_form(one.given_name) == strict_form(other.given_name)
        and one.birth_on is not None
        and one.birth_on == other.birth_on
        and (
            one.sex == other.sex or "unknown" in (one.sex, other.sex) or "" in (one.sex, other.sex)
        )
    )


def finess_of(number: str) -> str:
    """Return the FINESS inside a national structure number (`1` + FINESS), or an empty string.

    Nine characters alone are a FINESS too; a SIRET (`3` + 14 figures) is not.
    """
    if len(number) == 10 and number[0] == "1":
        return number[1:]
    return number if len(number) == 9 else ""


SERAFIN = "https://smt.esante.gouv.fr/terminologie-SERAFINPH"
# Health needs and health services of the SERAFIN-PH nomenclature.
HEALTH_SERAFIN = ("1.1", "2.1")
# Where a resource without a field of ours is shelved, by what its profile is about.
VOLETS_BY_PROFILE = {
    "careplan": Volet.PROJECT,
    "goal": Volet.PROJECT,
    "consent": Volet.PROJECT,
    "service-request-besoin": Volet.PROJECT,
    "task-action": Volet.PROJECT,
    "task-bilan": Volet.PROJECT,
    "task-moyen-ressource": Volet.PROJECT,
    "task-prestation": Volet.PROJECT,
    "periodescolaire": Volet.SOCIO_EDUCATIVE,
    "mobilite": Volet.SOCIO_EDUCATIVE,
    "organization": Volet.ADMINISTRATIVE,
    "practitioner": Volet.ADMINISTRATIVE,
    "slot": Volet.ADMINISTRATIVE,
    "schedule": Volet.ADMINISTRATIVE,
}


def volet_of_event(event: transit.Event) -> Volet:
    """Return the volet of a received event: its own, socio-educative for SERAFIN, else care."""
    if event.volet in Volet.values:
        return Volet(event.volet)
    serafin = [one.code for one in event.types if one.system == SERAFIN]
    if serafin and not any(code.startswith(HEALTH_SERAFIN) for code in serafin):
        return Volet.SOCIO_EDUCATIVE
    return Volet.CARE


def volet_of_evaluation(evaluation: transit.Evaluation) -> Volet:
    """Return the volet of a received evaluation: its own, the project for SERAFIN, else care."""
    if evaluation.volet in Volet.values:
        return Volet(evaluation.volet)
    return Volet.PROJECT if "serafin" in evaluation.questionnaire.lower() else Volet.CARE


def volet_of_document(document: transit.Document, volets: Mapping[str, Volet]) -> Volet:
    """Return the volet of a received document: its own, that of the event or evaluation it is
    attached to, else medical, the most closed: we do not know what is in it.
    """
    if document.volet in Volet.values:
        return Volet(document.volet)
    attached_to = volets.get(document.evaluation) or volets.get(document.event)
    return attached_to or Volet.MEDICAL


def volet_of_leftover(leftover: transit.Leftover, volets: Mapping[str, Volet]) -> Volet:
    """Return where to shelve what has no field: with its owner, by its profile, else medical."""
    if leftover.owner in volets:
        return volets[leftover.owner]
    profile = leftover.profile.lower()
    return next((v for name, v in VOLETS_BY_PROFILE.items() if name in profile), Volet.MEDICAL)


def traits_are_sure(received: transit.Person) -> bool:
    """Whether nothing in a received identity calls for doubt: INS keys right, birth date known."""
    numbers = [one.value for one in received.identifiers if one.system in INS_SYSTEMS]
    return received.birth_on is not None and all(is_nir_valid(number) for number in numbers)
