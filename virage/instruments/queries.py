"""Reading evaluations, and the sheets that are being filled in."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from uuid import UUID

from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet
from django.utils import timezone

from virage.directory.models import Professional
from virage.directory.queries import actor_seen
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell
from virage.foundation.access.matrix import Grant, profession_label
from virage.foundation.access.models import Restriction
from virage.foundation.access.predicates import items_in_reach_of, items_visible_to
from virage.foundation.access.writing import change_refusal
from virage.foundation.errors import Refused
from virage.instruments.enums import NO_RESULT, SheetState
from virage.instruments.models import Evaluation, ReceivedResponse, Sheet, SheetAnswer, SheetRequest
from virage.instruments.rules.answers import answers_from_json
from virage.instruments.rules.given import Given, asked, missing
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import COMMENT, Item
from virage.instruments.rules.known import Measure, measures_in, takes_measures
from virage.instruments.rules.sheet import given_from_json
from virage.instruments.rules.shipped import in_force, shipped, version_of

# A weighing every day for six months.
LATEST_MEASURES = 200


@dataclass(frozen=True)
class OpenSheet:
    """A sheet with its instrument and every answer ever written on it, the first one first.

    `requests` is what is asked of others on it, when it was opened to be read or was answered.
    """

    sheet: Sheet
    instrument: Instrument
    rows: Sequence[SheetAnswer]
    requests: Sequence[SheetRequest] = ()

    @cached_property
    def answers(self) -> dict[str, Given]:
        """The answers in force, by item."""
        return self.answers_at(self.sheet.answer_number)

    def answers_at(self, number: int) -> dict[str, Given]:
        """Return the answers that were in force once that answer was written."""
        answers: dict[str, Given] = {}
        for row in self.rows:
            if row.number > number:
                break
            if given := self.given(row):
                answers[row.item] = given
            else:
                answers.pop(row.item, None)
        return answers

    def given(self, row: SheetAnswer) -> Given | None:
        """Return the answer that a row holds; None when it takes one back."""
        return given_from_json(self.item(row.item), row.value) if row.value is not None else None

    def item(self, name: str) -> Item:
        """Return a question of the instrument, asked now or not, or the comment on the whole."""
        return COMMENT if name == COMMENT.id else self.instrument.items[name]

    @cached_property
    def asked(self) -> dict[str, Item]:
        """The items that the answers in force lead to, a comment last."""
        return {**asked(self.instrument, self.answers), COMMENT.id: COMMENT}

    @cached_property
    def missing(self) -> list[Item]:
        """The required items that have no answer."""
        return missing(self.instrument, self.answers)

    @cached_property
    def latest(self) -> dict[str, SheetAnswer]:
        """The last row written of each item."""
        return {row.item: row for row in self.rows}


def evaluations_of(actor: Actor, subject_id: UUID) -> QuerySet[Evaluation]:
    """Return the evaluations of one subject that the actor reads; unordered."""
    return Evaluation.objects.filter(items_visible_to(actor), subject=subject_id)


def results_of(actor: Actor, subject_id: UUID) -> QuerySet[Evaluation]:
    """Return those of them that are a result, not interrupted nor withdrawn; unordered."""
    return evaluations_of(actor, subject_id).exclude(status__in=NO_RESULT)


def measures_of(
    actor: Actor, subject_id: UUID, instrument: Instrument, volet: str
) -> list[Measure]:
    """Return the measures of a subject that may be told on a sheet; one SQL statement, or none for
    an instrument that takes no measure.

    Others read the sheet: they come from evaluations of its own volet, and from none that is closed
    to someone.
    """
    if not takes_measures(instrument):
        return []
    closed = Restriction.objects.filter(item_id=OuterRef("pk"), ended_at=None)
    made = results_of(actor, subject_id).filter(
        ~Exists(closed),
        volet=volet,
        instrument__in={one.id for one in shipped() if takes_measures(one)},
    )
    latest = made.order_by("-happened_at", "-id")
    return [
        measure
        for answers, at in latest.values_list("answers", "happened_at")[:LATEST_MEASURES]
        for measure in measures_in(answers_from_json(answers), timezone.localdate(at))
    ]


def find_evaluation(actor: Actor, subject_id: UUID, evaluation_id: UUID) -> Evaluation:
    """Return one evaluation; Refused as if it did not exist when the actor does not read it."""
    evaluations = evaluations_of(actor, subject_id)
    with_it = ("establishment", "source", "sheet", "received_response", "withdrawn_by")
    evaluations = evaluations.select_related(*with_it)
    evaluation = evaluations.filter(pk=evaluation_id).first()
    if evaluation is None:
        raise Refused.hidden()
    return evaluation


def sheet_behind(evaluation: Evaluation) -> OpenSheet:
    """Return the sheet that an evaluation the actor was given comes from, with its answers; one SQL
    statement. Refused as if it did not exist when it has none.
    """
    return _opened(getattr(evaluation, "sheet", None))


def received_response_of(evaluation: Evaluation) -> ReceivedResponse | None:
    """Return what an evaluation that the actor was given was taken in from, if it was."""
    return getattr(evaluation, "received_response", None)


def may_go_out(evaluation: Evaluation) -> bool:
    """Whether FHIR carries it by itself: made or taken in here, not part of a record received, and
    not withdrawn, which what was taken in does not say."""
    was_made_here = hasattr(evaluation, "sheet") or hasattr(evaluation, "received_response")
    return was_made_here and evaluation.withdrawn_at is None


def refusal_to_touch(actor: Actor, evaluation: Evaluation) -> Refused | None:
    """Return why the actor may neither attach anything to an evaluation that he reads, nor withdraw
    it, or None.
    """
    if evaluation.withdrawn_at:
        return Refused("state", "Cette évaluation a été retirée\u00a0: elle ne change plus.")
    in_reach = Evaluation.objects.filter(items_in_reach_of(actor), pk=evaluation.pk)
    volet, where = evaluation.volet, evaluation.establishment_id
    return change_refusal(actor, volet=volet, establishment_id=where, in_reach=in_reach)


def sheets_of(actor: Actor, subject_id: UUID) -> QuerySet[Sheet]:
    """Return the sheets of one subject that the actor reads, in progress or not; unordered."""
    return Sheet.objects.filter(items_visible_to(actor), subject=subject_id)


def find_sheet(actor: Actor, subject_id: UUID, sheet_id: UUID) -> OpenSheet:
    """Return a sheet with its answers and what is asked of others on it; two SQL statements.

    Refused as if it did not exist when the actor does not read it.
    """
    # One row for each request, and one for a sheet without any.
    is_open = Q(requests__ended_at=None)
    sheets = sheets_of(actor, subject_id).annotate(
        asked=FilteredRelation("requests", condition=is_open)
    )
    joined = sheets.select_related("establishment", "asked__professional")  # type: ignore[misc]  # the plugin ignores it
    rows = list(joined.filter(pk=sheet_id).order_by("asked__asked_at", "asked__id"))
    opened = _opened(rows[0] if rows else None)
    return replace(opened, requests=[one for row in rows if (one := getattr(row, "asked", None))])


def lock_sheet(actor: Actor, sheet_id: UUID) -> OpenSheet:
    """Return a sheet that the actor reads, locked until the transaction ends."""
    sheets = Sheet.objects.filter(items_visible_to(actor)).select_for_update(
        of=("self",), no_key=True
    )
    return _opened(sheets.filter(pk=sheet_id).first())


def instrument_of(sheet: Sheet) -> Instrument:
    """Return the instrument of a sheet, in the version under which it was begun."""
    return version_of(sheet.instrument, sheet.instrument_version)


def offered_to(actor: Actor) -> list[Instrument]:
    """Return the instruments in force that the actor's profession answers, in no order."""
    return [one for one in current_instruments(actor) if _may_answer(actor, one)]


def current_instruments(actor: Actor) -> list[Instrument]:
    """Return the instruments in force on the actor's day, in no order."""
    current = (in_force(name, actor.today) for name in {one.id for one in shipped()})
    return [one for one in current if one]


def other_versions(actor: Actor) -> list[Instrument]:
    """Return the versions shipped that are not in force on the actor's day, by id: sheets and
    evaluations stay on theirs.
    """
    current = {one.name for one in current_instruments(actor)}
    return [one for one in shipped() if one.name not in current]


def refusal_to_answer(actor: Actor, opened: OpenSheet) -> Refused | None:
    """Return why the actor may not answer a sheet that he reads, or None when he may."""
    sheet = opened.sheet
    if sheet.state != SheetState.OPEN:
        now = sheet.standing.label.lower()
        return Refused("state", f"La saisie est {now} : elle ne change plus.")
    in_reach = Sheet.objects.filter(items_in_reach_of(actor), pk=sheet.pk)
    return answering_refusal(actor, opened.instrument) or change_refusal(
        actor, volet=sheet.volet, establishment_id=sheet.establishment_id, in_reach=in_reach
    )


def requests_on(sheet: Sheet) -> QuerySet[SheetRequest]:
    """Return what is asked of others on a sheet that the actor was given, and is not answered."""
    return SheetRequest.objects.filter(sheet=sheet, ended_at=None).order_by("asked_at", "id")


def requests_to(actor: Actor) -> QuerySet[SheetRequest]:
    """Return what is asked of the actor, or of his profession, on sheets in progress that he reads
    and may answer; unordered.
    """
    sheets = Sheet.objects.filter(
        items_visible_to(actor),
        operator_id=actor.operator_id,
        state=SheetState.OPEN,
        instrument__in={one.id for one in offered_to(actor)},
    )
    mine = Q(professional=actor.professional_id) | Q(profession=actor.profession)
    return SheetRequest.objects.filter(
        mine, operator_id=actor.operator_id, ended_at=None, sheet__in=sheets.values("pk")
    )


def asked_of(professional: Professional, _last_day: date) -> QuerySet[SheetRequest]:
    """Return what a professional is asked to answer, and has not, on sheets in progress."""
    return SheetRequest.objects.filter(
        professional=professional, ended_at=None, sheet__state=SheetState.OPEN
    )


def may_be_answered_by(actor: Actor) -> Q:
    """Return the condition under which a request is on a sheet that the actor reads and answers."""
    answered = {one.id for one in offered_to(actor)}
    return Q(sheet__in=Sheet.objects.filter(items_visible_to(actor), instrument__in=answered))


def professions_answering(actor: Actor, opened: OpenSheet) -> list[str]:
    """Return the professions that answer the instrument of a sheet, write in the volet where it was
    begun and read it there, as the operator's rights in force say.
    """
    rights, sheet = actor.matrix, opened.sheet
    return [
        one
        for one in opened.instrument.answered_by
        if rights.allows(one, Cell.WRITE, sheet.volet)
        and any(_opens(grant, sheet, actor.at) for grant in rights.grants(one, sheet.volet))
    ]


def may_colleague_answer(actor: Actor, membership_id: UUID, sheet: Sheet) -> UUID | None:
    """Return the professional of a situation in force in which this sheet may be answered, judged
    as when he opens it; None when he may not.
    """
    colleague = actor_seen(actor, membership_id)
    if colleague is None:
        return None
    seen = Sheet.objects.filter(items_visible_to(colleague), pk=sheet.pk).first()
    if seen is None or refusal_to_answer(colleague, OpenSheet(seen, instrument_of(seen), [])):
        return None
    return colleague.professional_id


def answering_refusal(actor: Actor, instrument: Instrument) -> Refused | None:
    """Return why the actor's profession does not answer an instrument, or None when it does."""
    if actor.profession in instrument.answered_by:
        return None
    labels = ", ".join(map(profession_label, instrument.answered_by))
    return Refused(
        "answered_by",
        f"En exerçant comme « {profession_label(actor.profession)} », vous ne remplissez pas cette "
        "évaluation.",
        whom_to_ask=labels,
    )


def _opens(grant: Grant, sheet: Sheet, at: datetime) -> bool:
    """Whether a cell gives to read a sheet that someone else began."""
    hours = grant.window_hours
    is_recent = hours is None or sheet.recorded_at >= at - timedelta(hours=hours)
    return is_recent and (
        grant.cell == Cell.READ or (grant.cell == Cell.PUBLISHED and sheet.is_published)
    )


def _may_answer(actor: Actor, instrument: Instrument) -> bool:
    refused = answering_refusal(actor, instrument)
    return refused is None and actor.may(Cell.WRITE, instrument.volet_of(actor.profession))


def _opened(sheet: Sheet | None) -> OpenSheet:
    if sheet is None:
        raise Refused.hidden()
    rows = SheetAnswer.objects.filter(sheet=sheet).order_by("number", "item")
    return OpenSheet(sheet, instrument_of(sheet), list(rows))
