"""What calls for a warning in a record that arrives, beyond what its format can tell."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date, datetime
from operator import itemgetter

from virage.formats.fhir.names import oid_system
from virage.formats.outcome import Finding
from virage.formats.tddui.canonical import SERAFIN
from virage.formats.tddui.identifiers import INS_SYSTEMS
from virage.formats.tddui.record import Answer, Evaluation, Person, Stay, TransferRecord
from virage.foundation.access.rules import is_future
from virage.foundation.calendar import in_paris, midnight
from virage.persons.enums import PRODUCTION_OIDS
from virage.persons.rules.names import search_form

REAL_INS = frozenset(map(oid_system, PRODUCTION_OIDS))


def faults_on_arrival(
    record: TransferRecord,
    *,
    at: datetime,
    is_demo: bool,
    known_statuses: Collection[str],
    needs: Mapping[str, str],
) -> list[Finding]:
    """Return the warnings on a record received at this instant, here; codes of the fault table.

    A real INS in a demonstration, or a test one in production, is kept and said. `needs` are the
    labels of the SERAFIN-PH needs by code.
    """
    return [
        *_of_identity(record.person, is_demo, known_statuses),
        *_of_dates(record, at),
        *_of_stays(record.stays),
        *_of_answers(record.evaluations, needs),
    ]


def _of_identity(
    person: Person, is_demo: bool, known_statuses: Collection[str]
) -> Iterator[Finding]:
    path = f"{person.path}.identifier"
    systems = {identifier.system for identifier in person.identifiers}
    if is_demo and systems & REAL_INS:
        yield Finding("production_oid", path)
    if not is_demo and systems & (INS_SYSTEMS - REAL_INS):
        yield Finding("test_oid", path)
    if person.claimed_status and person.claimed_status not in known_statuses:
        yield Finding("identity_status_unknown", person.path, person.claimed_status)


def _of_dates(record: TransferRecord, at: datetime) -> Iterator[Finding]:
    """Facts cannot be to come, nor before the birth; an event can be to come, unless it is said to
    have taken place.
    """
    facts = [(note.path, note.happened_at) for note in record.notes]
    for one in record.evaluations:
        day = one.authored_on
        facts.append((one.path, one.authored_at or (midnight(day) if day else None)))
    facts += [(one.path, one.starts_at) for one in record.events if one.status == "finished"]
    birth_on = record.person.birth_on
    for path, happened_at in facts:
        if happened_at and is_future(happened_at, at):
            yield Finding("date_in_future", path, f"{happened_at:%Y-%m-%d}")
        if happened_at and birth_on and in_paris(happened_at).date() < birth_on:
            yield Finding("date_before_birth", path, f"{happened_at:%Y-%m-%d}")


def _of_stays(stays: list[Stay]) -> Iterator[Finding]:
    """A stay that begins before a former one in the same unit is over: said once for each.

    Leaving and entering on one day is not being in two places at once.
    """
    dated = [(one.entered_on, one.exited_on or date.max, one) for one in stays if one.entered_on]
    taken_until: dict[tuple[str, str], date] = {}
    for entered_on, exited_on, stay in sorted(dated, key=itemgetter(0, 1)):
        unit = stay.structure, stay.unit_name
        until = taken_until.get(unit, date.min)
        if entered_on < until:
            yield Finding("stays_overlap", stay.path)
        taken_until[unit] = max(until, exited_on)


def _of_answers(evaluations: list[Evaluation], needs: Mapping[str, str]) -> Iterator[Finding]:
    """A question that bears the code of one need and the words of another."""
    codes: dict[str, set[str]] = {}
    for code, label in needs.items():
        codes.setdefault(search_form(label), set()).add(code)
    for evaluation in evaluations:
        for answer in _each(evaluation.answers):
            named = codes.get(search_form(answer.text), {answer.code.code})
            if answer.code.system == SERAFIN and answer.code.code not in named:
                yield Finding("answer_code_mismatch", evaluation.path, answer.code.code)


def _each(answers: Iterable[Answer]) -> Iterator[Answer]:
    for answer in answers:
        yield answer
        yield from _each(answer.children)
