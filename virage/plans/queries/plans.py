"""Reading plans: all that one holds goes by the access rule of the plan itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from django.db.models import F, Prefetch, QuerySet

from virage.foundation.access.actor import Actor
from virage.foundation.access.predicates import items_in_reach_of, items_visible_to
from virage.foundation.access.writing import change_refusal
from virage.foundation.errors import Refused
from virage.foundation.workflow.models import Transition
from virage.plans.enums import TO_DO, ObjectiveState, PlanState
from virage.plans.models import (
    Comment,
    Objective,
    Plan,
    PlannedAction,
    PlanVersion,
    Signature,
)
from virage.plans.rules import graph
from virage.plans.rules.frozen import FrozenAction, FrozenObjective, FrozenPlan
from virage.plans.rules.tasks import Progress, first_to_do, progress_of


@dataclass(frozen=True)
class OpenPlan:
    """A plan with its objectives and its actions, in their places, and what needs what."""

    plan: Plan
    objectives: Sequence[Objective]
    actions: Sequence[PlannedAction]
    needs: dict[UUID, list[UUID]]

    @cached_property
    def by_id(self) -> dict[UUID, PlannedAction]:
        """The actions by id."""
        return {one.pk: one for one in self.actions}

    @cached_property
    def to_do(self) -> list[PlannedAction]:
        """The actions still to be done, for objectives that are still pursued."""
        pursued = {one.pk for one in self.pursued}
        return [one for one in self.actions if one.objective_id in pursued and one.state in TO_DO]

    @cached_property
    def unfinished(self) -> set[UUID]:
        """The ids of the actions still to be done."""
        return {one.pk for one in self.to_do}

    @property
    def pursued(self) -> list[Objective]:
        """The objectives that are still pursued."""
        return [one for one in self.objectives if one.state == ObjectiveState.PURSUED]

    @property
    def progress(self) -> Progress | None:
        """How far the plan has come; what was for an objective given up does not count."""
        given_up = {one.pk for one in self.objectives if one.state == ObjectiveState.GIVEN_UP}
        return progress_of(one for one in self.actions if one.objective_id not in given_up)

    @property
    def first_to_do(self) -> list[PlannedAction]:
        """What is still to be done, what to do first first."""
        return first_to_do(self.to_do, self.needs)

    def of(self, objective: Objective) -> list[PlannedAction]:
        """Return the actions of an objective, in their places."""
        return [one for one in self.actions if one.objective_id == objective.pk]

    def beside(self, part_id: UUID) -> Sequence[Objective] | Sequence[PlannedAction]:
        """Return what an objective, or an action, stands among, in their places: all objectives,
        or the actions of the same one. Refused for none such."""
        if action := self.by_id.get(part_id):
            return [one for one in self.actions if one.objective_id == action.objective_id]
        find_objective(self, part_id)
        return self.objectives

    def progress_toward(self, objective: Objective) -> Progress | None:
        """Return how far the actions of an objective have come."""
        return progress_of(self.of(objective))

    def needed_by(self, action: PlannedAction) -> list[PlannedAction]:
        """Return the actions that come before this one, done or not."""
        return [self.by_id[pk] for pk in self.needs.get(action.pk, ())]

    def holding(self, action: PlannedAction) -> list[PlannedAction]:
        """Return what an action that is still to be done waits for."""
        if action.pk not in self.unfinished:
            return []
        return [self.by_id[pk] for pk in graph.holding(action.pk, self.needs, self.unfinished)]

    def frozen(self) -> FrozenPlan:
        """Return the whole of it as it stands, to be kept or compared."""
        plan = self.plan
        return FrozenPlan(
            title=plan.title,
            starts_on=plan.starts_on,
            review_on=plan.review_on,
            objectives=tuple(self._frozen_objective(one) for one in self.objectives),
        )

    def _frozen_objective(self, objective: Objective) -> FrozenObjective:
        return FrozenObjective(
            title=objective.title,
            state=objective.state,
            description=objective.description,
            expected_result=objective.expected_result,
            due_on=objective.due_on,
            why=objective.why,
            actions=tuple(self._frozen_action(one) for one in self.of(objective)),
        )

    def _frozen_action(self, action: PlannedAction) -> FrozenAction:
        return FrozenAction(
            title=action.title,
            state=action.state,
            priority=action.priority,
            effort=action.effort,
            percent=action.percent,
            description=action.description,
            owner=action.owner.display_name if action.owner else "",
            starts_on=action.starts_on,
            due_on=action.due_on,
            why=action.why,
            needs=tuple(one.title for one in self.needed_by(action)),
        )


def plans_of(actor: Actor, subject_id: UUID) -> QuerySet[Plan]:
    """Return the plans of one subject that the actor reads; unordered."""
    return Plan.objects.filter(items_visible_to(actor), subject=subject_id)


def find_plan(actor: Actor, subject_id: UUID, plan_id: UUID) -> OpenPlan:
    """Return a plan with all that it holds; two SQL statements.

    Refused as if it did not exist when the actor does not read it.
    """
    plans = plans_of(actor, subject_id).filter(pk=plan_id)
    objectives = list(_objectives(plans).select_related("plan__owner"))
    if not objectives:
        return OpenPlan(_found(plans.select_related("owner").first()), (), (), {})
    plan = objectives[0].plan
    return OpenPlan(plan, objectives, *_actions(plan))


def lock_plan(actor: Actor, plan_id: UUID) -> OpenPlan:
    """Return a plan that the actor reads, locked with all that it holds until the transaction ends.

    Refused as if it did not exist when he does not read it.
    """
    plans = Plan.objects.filter(items_visible_to(actor), pk=plan_id)
    plan = _found(plans.select_for_update(of=("self",), no_key=True).first())
    return OpenPlan(plan, list(_objectives([plan])), *_actions(plan))


def opened_all(plans: Sequence[Plan]) -> list[OpenPlan]:
    """Return plans that the actor reads, each with its objectives and actions; two SQL
    statements. What needs what is left out.
    """
    held: dict[UUID, tuple[list[Objective], list[PlannedAction]]] = {
        one.pk: ([], []) for one in plans
    }
    for objective in Objective.objects.filter(plan__in=plans).order_by("position"):
        held[objective.plan_id][0].append(objective)
    actions = PlannedAction.objects.filter(objective__plan__in=plans).select_related("objective")
    for action in actions.order_by("objective__position", "position"):
        held[action.objective.plan_id][1].append(action)
    return [OpenPlan(one, *held[one.pk], {}) for one in plans]


def comments_of(opened: OpenPlan) -> QuerySet[Comment]:
    """Return what was said on a plan that the actor was given, its actions too, oldest first."""
    return opened.plan.comments.order_by("recorded_at", "id")


def steps_of(opened: OpenPlan) -> QuerySet[Transition]:
    """Return every step of a plan, of its objectives and of its actions, the first one first."""
    parts = (opened.plan, *opened.objectives, *opened.actions)
    taken = Transition.objects.filter(item_id__in=[one.pk for one in parts])
    return taken.order_by("recorded_at", "id")


def versions_of(opened: OpenPlan) -> QuerySet[PlanVersion]:
    """Return the versions of a plan that the actor was given, latest first, with their reviews and
    what was said of them, as it was noted; two SQL statements.
    """
    said = Prefetch("signatures", Signature.objects.order_by("recorded_at", "id"))
    versions = opened.plan.versions.select_related("review").prefetch_related(said)
    return versions.order_by("-number")


def find_version(opened: OpenPlan, number: int) -> PlanVersion:
    """Return one version of a plan that the actor was given; Refused for none such."""
    version = versions_of(opened).filter(number=number).first()
    if version is None:
        raise Refused.hidden()
    return version


def find_objective(opened: OpenPlan, objective_id: UUID) -> Objective:
    """Return an objective of a plan that the actor was given; Refused for none such."""
    found = next((one for one in opened.objectives if one.pk == objective_id), None)
    if found is None:
        raise Refused.hidden()
    return found


def find_action(opened: OpenPlan, action_id: UUID) -> PlannedAction:
    """Return an action of a plan that the actor was given; Refused for none such."""
    if action_id not in opened.by_id:
        raise Refused.hidden()
    return opened.by_id[action_id]


def refusal_to_add(objective: Objective) -> Refused | None:
    """Return why an objective takes no more action, or None while it is pursued."""
    if objective.state == ObjectiveState.PURSUED:
        return None
    label = objective.standing.label.lower()
    why = f"L’objectif est {label}\u00a0: reprenez-le avant d’y ajouter une action."
    return Refused("state", why)


def refusal_to_change(actor: Actor, plan: Plan) -> Refused | None:
    """Return why the actor may not change a plan that he reads, or None when he may.

    One that is closed or given up no longer changes.
    """
    if plan.state not in (PlanState.DRAFT, PlanState.IN_FORCE):
        return Refused(
            "state", f"Le plan est {plan.standing.label.lower()}\u00a0: il ne change plus."
        )
    in_reach = Plan.objects.filter(items_in_reach_of(actor), pk=plan.pk)
    return change_refusal(
        actor, volet=plan.volet, establishment_id=plan.establishment_id, in_reach=in_reach
    )


def _found(plan: Plan | None) -> Plan:
    if plan is None:
        raise Refused.hidden()
    return plan


def _objectives(plans: QuerySet[Plan] | list[Plan]) -> QuerySet[Objective]:
    return Objective.objects.filter(plan__in=plans).order_by("position")


def _actions(plan: Plan) -> tuple[list[PlannedAction], dict[UUID, list[UUID]]]:
    """Return the actions of a plan and what each needs: a row for each of these, or one."""
    actions = PlannedAction.objects.filter(objective__plan=plan).select_related("owner")
    places = ("objective__position", "position")
    needed = (f"dependencies__needs__{place}" for place in places)
    rows = actions.annotate(needs_id=F("dependencies__needs")).order_by(*places, *needed)
    by_id: dict[UUID, PlannedAction] = {}
    needs: dict[UUID, list[UUID]] = {}
    for row in rows:
        by_id.setdefault(row.pk, row)
        if row.needs_id:
            needs.setdefault(row.pk, []).append(row.needs_id)
    return list(by_id.values()), needs
