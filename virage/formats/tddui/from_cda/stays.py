"""The stays: section FR-Sejours, entries FR-Sejour."""

from virage.formats.cda.datatypes import coded, day, resolve
from virage.formats.cda.node import Node
from virage.formats.tddui.from_cda.draft import Draft
from virage.formats.tddui.from_cda.notes import INTERNAL_REFERENCE, read_comments
from virage.formats.tddui.identifiers import ItemKind
from virage.formats.tddui.record import EMPTY, Stay
from virage.foundation.coded import Coded

STAY = "1.2.250.1.213.1.1.3.219"
ADMISSION = "1.2.250.1.213.1.1.3.218"
ENTRY = "1.2.250.1.213.1.1.3.48.6"
EXIT = "1.2.250.1.213.1.1.3.48.7"
ANY_ESSMS = "GEN-351"
"""The stay type that the guide imposes: an establishment of the sector, without more."""


def read_stays(draft: Draft, section: Node) -> None:
    """Every stay of the section."""
    for entry in section.by_template("entry/organizer", STAY):
        draft.record.stays.append(_read_stay(draft, entry))


def _read_stay(draft: Draft, entry: Node) -> Stay:
    entry.child("code").recognise()
    admission = entry.first_by_template("component/encounter", ADMISSION)
    identifier = draft.identifier(admission, ItemKind.STAY)
    stay = Stay(
        key=draft.key(entry, identifier.value if identifier else ""),
        path=entry.path,
        identifier=identifier,
        file_number=_file_number(identifier.value if identifier else ""),
        service_type=_service_type(admission.child("code")),
        admitted_on=day(admission.child("effectiveTime")),
    )
    for participant in admission.children("participant"):
        keeper = participant.child("participantRole/scopingEntity")
        if participant.peek("typeCode") == "RESP" and not stay.structure:
            stay.structure = draft.structure(keeper, keeper.child("desc"))
    stay.comment = "\n".join(read_comments(admission)[1])
    for movement in entry.by_template("component/observation", ENTRY):
        _read_entry(stay, movement)
    for movement in entry.by_template("component/observation", EXIT):
        _read_exit(stay, movement)
    stay.status = _status(stay)
    for reference in entry.by_template("component/act", INTERNAL_REFERENCE):
        draft.pointers.append((stay, reference))
    entry.own(stay.key)
    draft.aim(admission, stay)
    return stay


def _service_type(code: Node) -> Coded:
    if code.peek("code") != ANY_ESSMS:
        return coded(code)
    code.recognise()
    return EMPTY


def _file_number(identifier: str) -> str:
    """The file number is the end of the identifier, says the guide."""
    return identifier.rpartition(f"-{ItemKind.STAY}-")[2] if identifier else ""


def _read_entry(stay: Stay, movement: Node) -> None:
    movement.child("code").recognise()
    when = movement.child("effectiveTime")
    if movement.peek("moodCode") == "INT":
        stay.planned_entry_on = stay.planned_entry_on or day(when)
    else:
        stay.entered_on = stay.entered_on or day(when)
    stay.entry_label = stay.entry_label or resolve(movement.child("text"))
    stay.entry_mode = stay.entry_mode or coded(movement.child("value"))


def _read_exit(stay: Stay, movement: Node) -> None:
    movement.child("code").recognise()
    when = movement.child("effectiveTime")
    if movement.peek("moodCode") == "INT":
        stay.planned_exit_on = stay.planned_exit_on or day(when)
    else:
        stay.exited_on = stay.exited_on or day(when)
    stay.exit_label = stay.exit_label or resolve(movement.child("text"))
    stay.exit_mode = stay.exit_mode or coded(movement.child("value"))


def _status(stay: Stay) -> str:
    """FHIR's status, which CDA leaves to its dates."""
    if stay.exited_on:
        return "finished"
    if stay.entered_on:
        return "in-progress"
    return "planned" if stay.planned_entry_on else ""
