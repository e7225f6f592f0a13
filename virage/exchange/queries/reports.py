"""What the screens of an import show: its report, and the identities to compare."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from virage.exchange.enums import LineLevel
from virage.exchange.models import Import, ImportLine
from virage.exchange.queries.reading import read_received
from virage.exchange.rules import INS_SYSTEMS
from virage.formats.tddui import record as transit
from virage.foundation.access.actor import Actor
from virage.foundation.content import faults
from virage.foundation.journal.collector import saw
from virage.persons.models import Person


@dataclass(frozen=True)
class ReportLine:
    """A line of a report in words: what became of an entry, or what is wrong and what to do."""

    level: LineLevel
    label: str
    help: str
    path: str
    value: str


@dataclass(frozen=True, kw_only=True)
class ComparedIdentity:
    """An identity as the two columns of a decision show it."""

    person_id: UUID | None
    family_name: str
    given_names: str
    used_name: str
    birth_on: date | None
    sex: str
    birth_place: str
    ins: str
    local_numbers: Sequence[str]


def report_lines(actor: Actor, received: Import) -> list[ReportLine]:
    """Return the report of an import, given by `find_import`: entries, then faults."""
    if received.subject_id:
        saw(actor, "import.report", [received.subject_id], ["administrative"])
    return [_worded(line) for line in received.lines.order_by("position")]


def _worded(line: ImportLine) -> ReportLine:
    level = LineLevel(line.level)
    if level in (LineLevel.WARNING, LineLevel.REFUSAL):
        fault = faults.get(line.code)
        return ReportLine(level, fault.label, fault.help, line.path, line.value)
    return ReportLine(level, line.code, "", line.path, line.value)


def identity_received(received: Import) -> ComparedIdentity:
    """Return the identity that a held file brings."""
    person = read_received(received).record.person
    return ComparedIdentity(
        person_id=None,
        family_name=person.birth_family_name,
        given_names=person.birth_given_names or person.first_birth_given_name,
        used_name=f"{person.used_family_name} {person.used_given_name}".strip(),
        birth_on=person.birth_on,
        sex=dict(Person._meta.get_field("sex").flatchoices).get(person.sex, ""),
        birth_place=f"{person.birth_place_code} {person.birth_place_name}".strip(),
        ins=", ".join(i.value for i in person.identifiers if i.system in INS_SYSTEMS),
        local_numbers=[i.value for i in _others(person.identifiers)],
    )


def identities_proposed(actor: Actor, received: Import) -> list[ComparedIdentity]:
    """Return the persons of ours that a held file may be about.

    Whoever settles identities sees these even out of reach: without them, no decision is safe.
    """
    persons = (
        Person.objects.filter(operator=actor.operator_id, pk__in=received.candidate_ids)
        .prefetch_related("identifiers")
        .order_by("birth_family_name", "id")
    )
    saw(actor, "import.compare", [person.subject_id for person in persons], ["administrative"])
    return [_held(person) for person in persons]


def _held(person: Person) -> ComparedIdentity:
    return ComparedIdentity(
        person_id=person.pk,
        family_name=person.birth_family_name,
        given_names=person.birth_given_names or person.first_birth_given_name,
        used_name=f"{person.used_family_name} {person.used_given_name}".strip(),
        birth_on=person.birth_on,
        sex=person.get_sex_display(),
        birth_place=f"{person.birth_place_code} {person.birth_place_name}".strip(),
        ins=person.ins_value,
        local_numbers=[one.value for one in person.identifiers.all() if one.kind != "INS"],
    )


def _others(identifiers: Sequence[transit.BusinessIdentifier]) -> list[transit.BusinessIdentifier]:
    return [one for one in identifiers if one.system not in INS_SYSTEMS]
