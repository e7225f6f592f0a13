"""The answers that actions of plans come from, and those that they propose once done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.instruments.models import Evaluation
from virage.instruments.queries import find_evaluation, results_of
from virage.instruments.rules.answers import Line, lines_of
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import Item, ItemKind
from virage.instruments.rules.shipped import version_of
from virage.instruments.rules.things_to_do import to_act_on
from virage.persons.models import Person
from virage.plans.enums import ActionState, PlanState
from virage.plans.models import Objective, PlannedAction
from virage.plans.queries.plans import plans_of, refusal_to_add, refusal_to_change
from virage.record.queries.answers_known import known_answers


@dataclass(frozen=True, kw_only=True)
class PlannedAnswer:
    """An answer, and the objectives of the same volet for which an action may be made of it.

    Those who read such a plan read the evaluation too. `proposals` are the answers that the action
    may propose once done: another option of the question.
    """

    evaluation: Evaluation
    item: Item
    told: str
    objectives: list[Objective]
    proposals: list[tuple[str, str]]

    @property
    def choices(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The objectives, plan by plan."""
        plans = {one.plan_id: (one.plan.title, list[tuple[str, str]]()) for one in self.objectives}
        for one in self.objectives:
            plans[one.plan_id][1].append((str(one.pk), one.title))
        return list(plans.values())


def plannable_items(actor: Actor, evaluation: Evaluation, lines: Sequence[Line]) -> frozenset[str]:
    """Return the questions of an evaluation made with an instrument of ours of whose answers the
    actor may make an action, for they leave something to do; no SQL statement."""
    is_ours = evaluation.instrument and evaluation.is_result
    if not is_ours or not actor.may(Cell.WRITE, evaluation.volet):
        return frozenset()
    return to_act_on(_instrument_of(evaluation), lines)


def planned_answer(
    actor: Actor, person: Person, evaluation_id: UUID, item_id: str
) -> PlannedAnswer:
    """Return an answer of an evaluation, journalled, with what an action may be made for.

    Refused as if it did not exist when the actor does not read it, or without such an answer.
    """
    evaluation = find_evaluation(actor, person.subject_id, evaluation_id)
    told = _words_of(lines_of(evaluation.answers), item_id)
    if not evaluation.instrument or not evaluation.is_result or told is None:
        raise Refused.hidden()
    saw(actor, "evaluation.read", [person.subject_id], [evaluation.volet])
    plans = plans_of(actor, person.subject_id).filter(
        volet=evaluation.volet, state__in=(PlanState.DRAFT, PlanState.IN_FORCE)
    )
    objectives = Objective.objects.filter(plan__in=plans).select_related("plan")
    mine = [
        one
        for one in objectives.order_by("plan__title", "plan", "position")
        if not refusal_to_add(one) and not refusal_to_change(actor, one.plan)
    ]
    item = _instrument_of(evaluation).items[item_id]
    is_choice = item.kind == ItemKind.CHOICE
    others = [one for one in item.options if one.label != told]
    return PlannedAnswer(
        evaluation=evaluation,
        item=item,
        told=told,
        objectives=mine,
        proposals=[(one.id, one.label) for one in others] if is_choice else [],
    )


def suggestions_for(actor: Actor, person: Person, instrument: Instrument) -> dict[str, str]:
    """Return what is proposed for the items of an instrument, in words, by item: what is known, or
    what actions done propose; three SQL statements.

    What was done before the question was last assessed counts no more: that answer has said what
    is so. One that was written down later, of a former day, has not. A plan given up proposes
    nothing. An action tells nothing out of the volet of its own
    plan, and never its title: others answer the sheet, to whom that plan may be closed.
    """
    plans = plans_of(actor, person.subject_id).filter(volet=instrument.volet)
    done = PlannedAction.objects.filter(
        objective__plan__in=plans.exclude(state=PlanState.GIVEN_UP),
        state=ActionState.DONE,
        origin_instrument=instrument.id,
    ).exclude(proposed_answer="")
    offered = [one for one in done.order_by("ended_at", "id") if _is_offered(instrument, one)]
    answered = _answered_since(actor, person, instrument, offered)
    return known_answers(actor, person, instrument) | {
        one.origin_item: _suggestion(instrument.items[one.origin_item], one)
        for one in offered
        if _still_stands(one, answered.get(one.origin_item))
    }


def _still_stands(action: PlannedAction, last: tuple[datetime, UUID] | None) -> bool:
    """Say whether nothing answered the question since: of what is said done on a former day, the
    hour is not known, and the evaluation that it comes from may be of that same day.
    """
    done_at = _done_at(action)
    if done_at is None or last is None:
        return done_at is not None
    made_at, evaluation_id = last
    return made_at < done_at or evaluation_id == action.origin_evaluation_id


def _answered_since(
    actor: Actor, person: Person, instrument: Instrument, done: list[PlannedAction]
) -> dict[str, tuple[datetime, UUID]]:
    """Return when, and in which evaluation, the questions that actions come from were last
    assessed, since the first of these was done; one SQL statement, none for no action."""
    if not done:
        return {}
    made = results_of(actor, person.subject_id).filter(instrument=instrument.id)
    since = made.filter(happened_at__gte=_done_at(done[0])).order_by("happened_at", "id")
    items = {one.origin_item for one in done}
    return {
        item: (at, pk)
        for answers, at, pk in since.values_list("answers", "happened_at", "pk")
        for item in items
        if _words_of(lines_of(answers), item)
    }


def _done_at(action: PlannedAction) -> datetime | None:
    """To the minute, as an evaluation says when it was made."""
    return action.ended_at and action.ended_at.replace(second=0, microsecond=0)


def _is_offered(instrument: Instrument, action: PlannedAction) -> bool:
    item = instrument.items.get(action.origin_item)
    return item is not None and action.proposed_answer in item.by_option


def _suggestion(item: Item, action: PlannedAction) -> str:
    answer = item.by_option[action.proposed_answer].label
    day = timezone.localdate(action.ended_at)
    return f"«\u00a0{answer}\u00a0», car une action d’un plan a été faite le {day:%d/%m/%Y}."


def _words_of(lines: list[Line], item_id: str) -> str | None:
    """Return the answer to a question in words; several values, or rows, one after the other."""
    asked = [one for line in lines for one in (line, *line.lines) if one.id == item_id]
    if not asked:
        return None
    rows = [f"{cell.label}\u00a0: {cell.value}" for one in asked for cell in one.lines]
    return ", ".join([*filter(None, (one.value for one in asked)), *rows])


def _instrument_of(evaluation: Evaluation) -> Instrument:
    return version_of(evaluation.instrument, evaluation.instrument_version)
