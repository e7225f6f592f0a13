"""The evaluations of a record: what is in progress, what is due, how each evolves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, zip_longest
from uuid import UUID

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone

from virage.foundation.access.actor import Actor
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.foundation.ui.charts import Chart, Series
from virage.foundation.ui.paging import Column
from virage.instruments.enums import SheetState
from virage.instruments.models import Evaluation, Sheet
from virage.instruments.queries import (
    evaluations_of,
    find_evaluation,
    instrument_of,
    offered_to,
    results_of,
    sheets_of,
)
from virage.instruments.rules.answers import answers_from_json
from virage.instruments.rules.differences import Change, Shift, changes, shifts
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.results import FrozenScore, scores_from_json
from virage.instruments.rules.themes import by_theme
from virage.persons.models import Person
from virage.record.queries.evidence import expired_evidence
from virage.record.queries.marks import author_label, taken_in_label
from virage.record.queries.sheets import Left, left_among

# Reminded so many days before it is due.
SOON_DAYS = 7
RESULT_COLUMNS = (
    Column("Date"),
    Column("Résultat"),
    Column("Auteur"),
    Column("Version"),
    Column("Comparer"),
)


@dataclass(frozen=True, kw_only=True)
class Result:
    """One evaluation of a list: by what it is read, when it was made and by whom.

    `evidence_until` is until when what is attached to it was valid, if it no longer is.
    """

    evaluation: Evaluation
    scores: list[FrozenScore]
    author: str
    url: str
    compare_url: str = ""
    evidence_until: date | None = None

    @property
    def read_by(self) -> list[FrozenScore]:
        """The scores by which it is read."""
        return [score for score in self.scores if score.is_result]


@dataclass(frozen=True, kw_only=True)
class Followed:
    """The evaluations made with one instrument: the latest, how many, and when it is due again."""

    title: str
    latest: Result
    count: int
    url: str
    due_on: date | None = None
    is_overdue: bool = False
    is_soon: bool = False


@dataclass(frozen=True, kw_only=True)
class Begun:
    """A sheet in progress."""

    sheet: Sheet
    title: str
    author: str
    url: str


@dataclass(frozen=True, kw_only=True)
class Overview:
    """The evaluations of a record, and the instruments that the actor may begin.

    `others` came from another software, or were made without an instrument of ours; what is
    `set_aside` is no result. What is `offered` goes by theme.
    """

    begun: list[Begun]
    followed: list[Followed]
    others: list[Result]
    set_aside: list[Result]
    left: list[Left]
    offered: list[tuple[str, list[Instrument]]]


@dataclass(frozen=True, kw_only=True)
class Evolution:
    """One instrument over time, the latest result first; no chart below two figures."""

    title: str
    results: list[Result]
    charts: list[Chart]
    columns: tuple[Column, ...] = RESULT_COLUMNS


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two results side by side, the earlier one first."""

    before: Result
    after: Result
    shifts: list[Shift]
    changes: list[Change]
    score_columns: tuple[Column, ...]
    answer_columns: tuple[Column, ...]

    @property
    def changed(self) -> list[Change]:
        """The questions answered otherwise."""
        return [one for one in self.changes if not one.is_same]

    @property
    def past_evidence(self) -> list[Result]:
        """The results of which something attached is no longer valid."""
        return [one for one in (self.before, self.after) if one.evidence_until]

    @property
    def is_same_version(self) -> bool:
        """Whether both were made with one version of the instrument."""
        versions = {one.evaluation.instrument_version for one in (self.before, self.after)}
        return len(versions) == 1


def evaluation_overview(actor: Actor, person: Person) -> Overview:
    """Return the evaluations of a person that the actor reads, journalled.

    Three SQL statements, and one for what was given up.
    """
    unfinished = sheets_of(actor, person.subject_id).exclude(state=SheetState.FINISHED)
    sheets = list(unfinished.order_by("-recorded_at", "-id"))
    results = _results(evaluations_of(actor, person.subject_id), person)
    volets = {one.volet for one in sheets} | {one.evaluation.volet for one in results}
    saw(actor, "evaluation.list", [person.subject_id], volets)
    results = _with_evidence(actor, person, results, "evaluation.list")
    counting = [one for one in results if one.evaluation.is_result]
    own = sorted(
        (one for one in counting if one.evaluation.instrument),
        key=lambda one: one.evaluation.instrument,
    )
    today = timezone.localdate(actor.at)
    return Overview(
        begun=[_begun(one, person) for one in sheets if one.state == SheetState.OPEN],
        followed=[
            _followed(list(made), person, today)
            for _, made in groupby(own, key=lambda one: one.evaluation.instrument)
        ],
        others=[one for one in counting if not one.evaluation.instrument],
        set_aside=[one for one in results if not one.evaluation.is_result],
        left=left_among(sheets, person),
        offered=by_theme(offered_to(actor)),
    )


def evolution_of(actor: Actor, person: Person, evaluation_id: UUID) -> Evolution:
    """Return the results of the instrument of an evaluation over time, journalled; three SQL
    statements.

    Refused as if it did not exist when the actor does not read it, it is no result, or it has no
    such instrument.
    """
    one = find_evaluation(actor, person.subject_id, evaluation_id)
    if not one.instrument or not one.is_result:
        raise Refused.hidden()
    made = results_of(actor, person.subject_id).filter(instrument=one.instrument)
    results = _results(made, person)
    volets = {one.evaluation.volet for one in results}
    saw(actor, "evaluation.curve", [person.subject_id], volets)
    results = _with_evidence(actor, person, results, "evaluation.curve")
    return Evolution(
        title=results[0].evaluation.title,
        results=[_beside_former(*pair, person) for pair in zip_longest(results, results[1:])],
        charts=_charts(results[::-1]),
    )


def comparison_of(actor: Actor, person: Person, one_id: UUID, other_id: UUID) -> Comparison:
    """Return two results of one instrument side by side, journalled; three SQL statements.

    Refused as if they did not exist when the actor does not read both.
    """
    found = [find_evaluation(actor, person.subject_id, pk) for pk in (one_id, other_id)]
    before, after = sorted(found, key=lambda one: (one.happened_at, one.pk))
    if not before.instrument or before.instrument != after.instrument:
        raise Refused.hidden()
    saw(actor, "evaluation.compare", [person.subject_id], {before.volet, after.volet})
    results = [_result(one, person) for one in (before, after)]
    first, second = _with_evidence(actor, person, results, "evaluation.compare")
    days = [f"Le {timezone.localdate(one.happened_at):%d/%m/%Y}" for one in (before, after)]
    columns = tuple(map(Column, days))
    return Comparison(
        before=first,
        after=second,
        shifts=shifts(first.scores, second.scores),
        changes=changes(answers_from_json(before.answers), answers_from_json(after.answers)),
        score_columns=(Column("Score"), *columns, Column("Écart")),
        answer_columns=(Column("Question"), *columns),
    )


def _results(evaluations: QuerySet[Evaluation], person: Person) -> list[Result]:
    """Read evaluations without their answers, the latest first; those taken in say by whom, and who
    gave the answers.
    """
    latest = evaluations.order_by("-happened_at", "-id").defer("answers")
    named = latest.annotate(file_author=F("received_response__author"))
    return [
        result
        if one.file_author is None
        else replace(result, author=taken_in_label(result.author, one.file_author))
        for one in named
        if (result := _result(one, person))
    ]


def _result(evaluation: Evaluation, person: Person) -> Result:
    return Result(
        evaluation=evaluation,
        scores=scores_from_json(evaluation.scores),
        author=author_label(evaluation.author_name, evaluation.author_profession),
        url=reverse("record:evaluation", args=[person.pk, evaluation.pk]),
    )


def _with_evidence(
    actor: Actor, person: Person, results: Sequence[Result], action: str
) -> list[Result]:
    """Say of each result until when its evidence was valid, if it no longer is; one statement."""
    ids = {one.evaluation.pk for one in results}
    until = expired_evidence(actor, person, ids, action)
    return [replace(one, evidence_until=until.get(one.evaluation.pk)) for one in results]


def _beside_former(result: Result, former: Result | None, person: Person) -> Result:
    if former is None:
        return result
    places = [person.pk, former.evaluation.pk, result.evaluation.pk]
    return replace(result, compare_url=reverse("record:evaluation_comparison", args=places))


def _begun(sheet: Sheet, person: Person) -> Begun:
    return Begun(
        sheet=sheet,
        title=instrument_of(sheet).title,
        author=author_label(sheet.author_name, sheet.author_profession),
        url=reverse("record:sheet", args=[person.pk, sheet.pk]),
    )


def _followed(made: Sequence[Result], person: Person, today: date) -> Followed:
    latest = made[0].evaluation
    left = (latest.due_on - today).days if latest.due_on else None
    return Followed(
        title=latest.title,
        latest=made[0],
        count=len(made),
        url=reverse("record:evolution", args=[person.pk, latest.pk]),
        due_on=latest.due_on,
        is_overdue=left is not None and left < 0,
        is_soon=left is not None and 0 <= left <= SOON_DAYS,
    )


def _charts(results: Sequence[Result]) -> list[Chart]:
    """Draw each score by which the results are read, the earliest first."""
    drawn = []
    for score in results[-1].read_by:
        figures = [
            next((one.value for one in result.scores if one.id == score.id), None)
            for result in results
        ]
        if sum(figure is not None for figure in figures) < 2:
            continue
        days = [timezone.localdate(one.evaluation.happened_at) for one in results]
        drawn.append(
            Chart(
                id=f"curve-{score.id}",
                title=score.label,
                labels=tuple(f"{day:%d/%m/%Y}" for day in days),
                series=(
                    Series(score.label, tuple(None if f is None else float(f) for f in figures)),
                ),
                kind="lines",
                moments=tuple(one.evaluation.happened_at for one in results),
                unit=score.unit,
                decimals=max(-int(str(f.as_tuple().exponent)) for f in figures if f is not None),
            )
        )
    return drawn
