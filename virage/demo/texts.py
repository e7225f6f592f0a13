"""What the demo's records say, typed, and how a text is fitted to a person.

The marks in a text: `{nom}` (« Mme Favereau ») or `{prenom}`, `<il|elle>` agrees with the person,
`[a|b]` is one of.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import time
from functools import cache
from typing import Generic, Literal, TypeVar

from virage.demo.people import FOLDER, Sourced
from virage.foundation.content.loader import read

# The h of a given name is silent, that of « haut » or « hanche » is not.
ELIDED = re.compile(r"\b([Dd]|[Qq]u)e (?=[aeiouéèêâîôAEIOUÉÈÊÂÎÔ]|H[aeéèiou])")
AnyStory = TypeVar("AnyStory")
Moment = Literal["morning", "noon", "afternoon", "evening", "night"]

# When a text of this moment is written (local time): after the latest hour that such texts tell.
# A night is told at its end, so on the following day.
WRITTEN_BETWEEN: Mapping[Moment, tuple[time, time]] = {
    "morning": (time(11, 0), time(11, 50)),
    "noon": (time(13, 15), time(14, 0)),
    "afternoon": (time(16, 30), time(17, 45)),
    "evening": (time(21, 35), time(22, 15)),
    "night": (time(6, 5), time(6, 50)),
}


@dataclass(frozen=True)
class NoteGroup:
    """Texts of one volet that any of these professions may write at that time of day.

    `weight` says how often they are drawn, beside the other groups of that time of day; `title`
    who alone writes them, among colleagues of one profession.
    """

    volet: str
    professions: tuple[str, ...]
    moment: Moment
    texts: tuple[str, ...]
    units: tuple[str, ...] = ()
    weight: int = 10
    title: str = ""


@dataclass(frozen=True)
class NoteBank(Sourced):
    """The transmissions of some establishments.

    `told_percent` is the share of the usagers present of whom something is told, by time of day.
    """

    establishments: tuple[str, ...]
    told_percent: dict[Moment, int]
    notes: tuple[NoteGroup, ...]


@dataclass(frozen=True)
class StoryStep:
    """One transmission of a story, `day` days after its first one; steps are in order of time."""

    day: int
    moment: Moment
    volet: str
    profession: str
    text: str


@dataclass(frozen=True)
class Story:
    """Transmissions that follow one another in one record; `units` is empty for all of them."""

    key: str
    establishments: tuple[str, ...]
    steps: tuple[StoryStep, ...]
    units: tuple[str, ...] = ()
    starts_at_entry: bool = False


@dataclass(frozen=True)
class Stories(Sourced, Generic[AnyStory]):
    """All the stories of a house, or those of a region."""

    stories: tuple[AnyStory, ...]


@dataclass(frozen=True)
class Addition:
    """A sentence added afterwards to a transmission of this volet, and why."""

    volet: str
    text: str
    reason: str


@dataclass(frozen=True)
class Slips(Sourced):
    """What is put right: sides taken for each other, sentences added, a wrong record."""

    sides: tuple[str, str]
    side_reason: str
    additions: tuple[Addition, ...]
    wrong_record_reasons: tuple[str, ...]


@dataclass(frozen=True)
class TransportPlan:
    """A journey made for an event: mode and SERAFIN nature (codes), distance in kilometres."""

    mode: str
    nature: str
    km: int
    accompanied: bool


@dataclass(frozen=True)
class EventPlan:
    """An event of the agenda; `at` is local time, `serafin` a direct service or "".

    `group` is how many usagers take part together; `percent` how many of them it concerns;
    `title` who alone does it, among colleagues of one profession.
    """

    establishments: tuple[str, ...]
    label: str
    volet: str
    professions: tuple[str, ...]
    serafin: str
    at: time
    minutes: int
    place: str
    reason: str
    reports: tuple[str, ...]
    transport: TransportPlan | None = None
    group: int = 1
    title: str = ""
    percent: int = 50


@dataclass(frozen=True)
class CancelReason:
    """Why an event did not take place."""

    code: str
    text: str


@dataclass(frozen=True)
class Events(Sourced):
    """All that the agenda may hold."""

    events: tuple[EventPlan, ...]
    cancel_reasons: tuple[CancelReason, ...]


@dataclass(frozen=True)
class DocumentPlan:
    """A document: codes of type, class and confidentiality, and the paragraphs of its page.

    `percent` is the share of the usagers who have it, `profession` who files it.
    """

    establishments: tuple[str, ...]
    title: str
    type: str
    category: str
    volet: str
    confidentiality: str
    profession: str
    percent: int
    paragraphs: tuple[str, ...]
    is_signed_at_entry: bool = False


@dataclass(frozen=True)
class Documents(Sourced):
    """All the documents."""

    documents: tuple[DocumentPlan, ...]


@dataclass(frozen=True)
class Line:
    """A question and its answer in plain words."""

    question: str
    answer: str


@dataclass(frozen=True)
class EvaluationPlan:
    """An evaluation: needs with their score, or a GIR, or lines in plain words.

    `percent` is the share of the usagers who have it. A GIR is one: there it is a weight.
    """

    establishments: tuple[str, ...]
    key: str
    title: str
    type: str
    volet: str
    profession: str
    percent: int
    units: tuple[str, ...] = ()
    gir: str = ""
    comment: str = ""
    serafin: dict[str, int] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True)
class Evaluations(Sourced):
    """All the evaluations."""

    evaluations: tuple[EvaluationPlan, ...]


@dataclass(frozen=True)
class ActionPlan:
    """An action of a plan: whose, when, how far it has come, after which others (places from 1)."""

    title: str
    profession: str
    due: int
    priority: int
    effort: str
    percent: int = 0
    after: tuple[int, ...] = ()
    steps: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True)
class ObjectivePlan:
    """What a plan is to reach, with its actions; `outcome` is the step that its review takes."""

    title: str
    expected_result: str
    actions: tuple[ActionPlan, ...]
    outcome: str = ""


@dataclass(frozen=True)
class PlanPlan:
    """A plan of some usagers of an establishment; days are counted from that of the demo.

    With a `synthesis`, its review was held on its day, and the next one is on `next_review`.
    """

    establishment: str
    title: str
    volet: str
    profession: str
    starts: int
    review: int
    objectives: tuple[ObjectivePlan, ...]
    is_in_force: bool = False
    agreement: str = ""
    synthesis: str = ""
    next_review: int = 0


@dataclass(frozen=True)
class Plans(Sourced):
    """All the plans."""

    plans: tuple[PlanPlan, ...]


@dataclass(frozen=True)
class SheetRow:
    """What was answered on a day; with `asked_of`, the rest is asked of that profession."""

    day: int
    answers: dict[str, str]
    asked_of: str = ""


@dataclass(frozen=True)
class SheetPlan:
    """What some usagers of an establishment were asked with an instrument, day after day."""

    establishment: str
    instrument: str
    profession: str
    usagers: int
    rows: tuple[SheetRow, ...]


@dataclass(frozen=True)
class Sheets(Sourced):
    """All that was asked with the instruments."""

    sheets: tuple[SheetPlan, ...]


@cache
def note_banks() -> tuple[NoteBank, ...]:
    """Return the banks of transmissions, one per kind of establishment."""
    return tuple(read(path, NoteBank) for path in sorted(FOLDER.glob("notes_*.yaml")))


@cache
def stories() -> tuple[Story, ...]:
    """Return the stories that unfold over days."""
    return read(FOLDER / "stories.yaml", Stories[Story]).stories


@cache
def slips() -> Slips:
    """Return what is put right in transmissions."""
    return read(FOLDER / "slips.yaml", Slips)


@cache
def events() -> Events:
    """Return the events of the agenda and the reasons to cancel one."""
    return read(FOLDER / "events.yaml", Events)


@cache
def documents() -> tuple[DocumentPlan, ...]:
    """Return the documents."""
    return read(FOLDER / "documents.yaml", Documents).documents


@cache
def evaluations() -> tuple[EvaluationPlan, ...]:
    """Return the evaluations."""
    return read(FOLDER / "evaluations.yaml", Evaluations).evaluations


@cache
def plans() -> tuple[PlanPlan, ...]:
    """Return the plans."""
    return read(FOLDER / "plans.yaml", Plans).plans


@cache
def sheets() -> tuple[SheetPlan, ...]:
    """Return what was asked with the instruments."""
    return read(FOLDER / "sheets.yaml", Sheets).sheets


def agreed(text: str, *, is_female: bool) -> str:
    """Return a text that agrees with the person: `<il|elle>`."""
    return re.sub(r"<([^|>]*)\|([^>]*)>", r"\2" if is_female else r"\1", text)


@cache
def _pieces(text: str, is_female: bool) -> tuple[tuple[str, ...], ...]:
    """Return the choices that follow one another in a text; what is fixed is a choice of one."""
    parts = re.split(r"\[([^\]]*)\]", agreed(text, is_female=is_female))
    return tuple(
        tuple(part.split("|")) if place % 2 else (part,) for place, part in enumerate(parts)
    )


def drawn(text: str, choose: Callable[[Sequence[str]], str], *, is_female: bool) -> str:
    """Return a text with its variants drawn; its words are still to be put in."""
    pieces = _pieces(text, is_female)
    return "".join(one[0] if len(one) == 1 else choose(one) for one in pieces)


def elided(text: str) -> str:
    """Return a text whose words meet as they are said: « d’Emma », « d’un », « qu’Hugo »."""
    return ELIDED.sub(r"\1’", text)


def write_out(
    text: str,
    *,
    name: str,
    given_name: str,
    is_female: bool,
    choose: Callable[[Sequence[str]], str],
) -> str:
    """Return the text fitted to a person; `choose` draws among the variants (a seeded choice)."""
    text = drawn(text, choose, is_female=is_female)
    return elided(text.replace("{nom}", name).replace("{prenom}", given_name))
