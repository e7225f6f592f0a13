"""Rules of stays: dates that hold together, and the state that they give (dui.md §2.0, §2.2)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

from virage.persons.enums import ReceptionMode, StayStatus
from virage.persons.rules.identity import Faults

# How long before the day planned for an entry the unit reads the record and writes in it: a room,
# a first timetable and treatments are made ready in two weeks, and nobody is of a team sooner.
PREPARATION = timedelta(days=15)
# Received by the day or at home, one may be received otherwise too.
_BY_DAY = {ReceptionMode.DAY, ReceptionMode.HALF_BOARDING, ReceptionMode.HOME}
# How a file refers to a structure that it does not hold.
_REFERENCE = re.compile(r"(?:Organization/|Location/|urn:|https?://)\S+")


@dataclass(frozen=True, kw_only=True)
class StayDates:
    """The dates of a stay; all are days in Paris."""

    entered_on: date | None = None
    exited_on: date | None = None
    planned_entry_on: date | None = None
    planned_exit_on: date | None = None
    admitted_on: date | None = None


def days_left(
    starts_on: date, ends_on: date | None, taken: Iterable[tuple[date, date | None]]
) -> list[tuple[date, date | None]]:
    """Return the spans of days, from the first, that no span taken covers; None is no end.

    The spans that are given and returned hold both their days.
    """
    left: list[tuple[date, date | None]] = []
    for first, last in sorted(taken, key=itemgetter(0)):
        if ends_on and first > ends_on:
            break
        if first > starts_on:
            left.append((starts_on, first - timedelta(days=1)))
        if last is None:
            return left
        starts_on = max(starts_on, last + timedelta(days=1))
    if ends_on is None or starts_on <= ends_on:
        left.append((starts_on, ends_on))
    return left


def faults_of_dates(dates: StayDates, birth_on: date | None, today: date) -> Faults:
    """Return French messages by field for dates typed by hand; empty when they hold together."""
    faults: Faults = {}
    entry = dates.entered_on or dates.planned_entry_on
    if entry is None:
        faults["entered_on"] = ["Indiquez la date d’entrée, ou une date d’entrée prévue."]
    elif birth_on and entry < birth_on <= today:
        field = "entered_on" if dates.entered_on else "planned_entry_on"
        faults[field] = ["L’entrée précède la naissance."]
    if dates.entered_on and dates.entered_on > today:
        faults["entered_on"] = ["Cette date est à venir : saisissez-la comme entrée prévue."]
    if dates.admitted_on and dates.admitted_on > today:
        faults["admitted_on"] = ["La décision d’admission est datée dans l’avenir."]
    if dates.planned_exit_on and entry and dates.planned_exit_on < entry:
        faults["planned_exit_on"] = ["La sortie prévue précède l’entrée."]
    if dates.exited_on and (fault := _fault_of_exit(dates.exited_on, dates.entered_on, today)):
        faults["exited_on"] = [fault]
    return faults


def _fault_of_exit(exited_on: date, entered_on: date | None, today: date) -> str:
    if entered_on is None:
        return "Une sortie demande une date d’entrée."
    if exited_on < entered_on:
        return "La sortie précède l’entrée."
    if exited_on > today:
        return "Cette date est à venir : saisissez-la comme sortie prévue."
    return ""


def go_together(one: str, other: str) -> bool:
    """Whether stays of these modes of reception may go on at once in two units of one place.

    Both are known, and one is by the day or at home: two groups of an IME, or a resident whom the
    PASA of her home receives by the day.
    """
    modes = {one, other}
    return ReceptionMode.UNKNOWN not in modes and not modes.isdisjoint(_BY_DAY)


def origin_label(origin: str) -> str:
    """Return where a person came from, or that a file refers to a structure without naming it."""
    return "Structure non nommée" if _REFERENCE.fullmatch(origin) else origin


def status_of(dates: StayDates) -> StayStatus:
    """Return the state that the dates of a stay give, with FHIR's codes."""
    if dates.exited_on:
        return StayStatus.FINISHED
    return StayStatus.IN_PROGRESS if dates.entered_on else StayStatus.PLANNED
