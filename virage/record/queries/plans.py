"""The plans of a record: all of them, and one as a list or a board."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from uuid import UUID

from django.urls import reverse

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb, Volet
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.foundation.ui.components import Badge, Tab
from virage.foundation.ui.paging import Column
from virage.foundation.workflow.enums import ReasonNeed
from virage.foundation.workflow.models import FollowsWorkflow
from virage.foundation.workflow.rules import Step
from virage.persons.models import Person
from virage.plans.enums import UNDER_WAY, ActionState, Due, ObjectiveState, PlanState
from virage.plans.models import Objective, Plan, PlannedAction, PlanVersion
from virage.plans.queries.plans import (
    OpenPlan,
    find_plan,
    opened_all,
    plans_of,
    refusal_to_add,
    refusal_to_change,
    versions_of,
)
from virage.plans.rules.agreements import told
from virage.plans.rules.frozen import from_json
from virage.plans.rules.tasks import Progress, due_of, towards
from virage.record.queries.marks import author_label

PLAN_COLUMNS = (
    Column("Plan"),
    Column("État"),
    Column("Avancement"),
    Column("Bilan"),
    Column("Auteur"),
)
DUE_BADGES = {
    Due.LATE: Badge("En retard", "danger"),
    Due.SOON: Badge("Bientôt", "warning", "clock"),
}
# The step of an action that asks when it was done.
FINISH = "finish"
VIEWS = {
    "plan": "Liste",
    "plan_board": "Tableau",
    "plan_calendar": "Calendrier",
    "plan_follow_up": "Suivi",
    "plan_versions": "Versions",
}


@dataclass(frozen=True, kw_only=True)
class PlanRow:
    """One plan of a list."""

    plan: Plan
    url: str
    volet: str
    badge: Badge
    progress: Progress | None
    late: int
    is_review_late: bool
    author: str


@dataclass(frozen=True, kw_only=True)
class ActionRow:
    """One action as a list, a board or a month shows it: what it waits for, what may be done."""

    action: PlannedAction
    objective: Objective
    url: str
    badge: Badge
    due: Badge | None
    holding: Sequence[PlannedAction]
    # At once, after the day when it was done, and after a reason, each with its address.
    steps: Sequence[tuple[Step, str]] = ()
    dated_steps: Sequence[tuple[Step, str]] = ()
    asked_steps: Sequence[tuple[Step, str]] = ()

    @property
    def is_under_way(self) -> bool:
        """Whether someone says how far it has come."""
        return self.action.state in UNDER_WAY


@dataclass(frozen=True, kw_only=True)
class ObjectiveRow:
    """An objective with those of its actions that are shown, and the steps that may be taken."""

    objective: Objective
    badge: Badge
    due: Badge | None
    rows: Sequence[ActionRow]
    progress: Progress | None
    steps: Sequence[tuple[Step, str]]
    takes_actions: bool


@dataclass(frozen=True, kw_only=True)
class LastVersion:
    """The last version of a plan: what was said of it, and whether the plan changed since."""

    version: PlanVersion
    url: str
    said: str
    is_outdated: bool


@dataclass(frozen=True, kw_only=True)
class PlanShown:
    """A plan as every one of its pages shows it."""

    opened: OpenPlan
    person: Person
    row: PlanRow
    refused: Refused | None
    views: tuple[Tab, ...]
    steps: Sequence[tuple[Step, str]]
    actions: Mapping[UUID, ActionRow]

    may_export: bool

    @property
    def plan(self) -> Plan:
        """The plan itself."""
        return self.opened.plan

    @cached_property
    def versions(self) -> list[PlanVersion]:
        """Its versions, latest first; two SQL statements."""
        return list(versions_of(self.opened))

    @property
    def may_reorder(self) -> bool:
        """Whether something may change places: two objectives, or two actions of one."""
        opened = self.opened
        rows = (opened.objectives, *map(opened.of, opened.objectives))
        return self.refused is None and any(len(row) > 1 for row in rows)

    @property
    def last_version(self) -> LastVersion | None:
        """Its last version, None before there is one."""
        if not self.versions:
            return None
        version = self.versions[0]
        names = [self.person.pk, self.plan.pk, version.number]
        return LastVersion(
            version=version,
            url=reverse("record:plan_version", args=names),
            said=told(version.signatures.all()),
            is_outdated=from_json(version.content) != self.opened.frozen(),
        )

    @property
    def owners(self) -> list[tuple[str, str]]:
        """Who answers for its actions, each once, in the order of names."""
        owners = {one.owner for one in self.opened.actions if one.owner}
        named = sorted((one.family_name, one.given_name, str(one.pk), one) for one in owners)
        return [(pk, one.display_name) for _, _, pk, one in named]

    @property
    def columns(self) -> list[tuple[ActionState, list[ActionRow]]]:
        """The board: each state with its actions, what to do first first."""
        order = [one.pk for one in self.opened.first_to_do]
        order += [one.pk for one in self.opened.actions if one.pk not in set(order)]
        rows = [self.actions[pk] for pk in order]
        return [(state, [r for r in rows if r.action.state == state]) for state in ActionState]


def plan_rows(actor: Actor, person: Person) -> list[PlanRow]:
    """Return the plans of a person that the actor reads, journalled; three SQL statements.

    Those in force come first, then those in preparation.
    """
    plans = list(plans_of(actor, person.subject_id).order_by("-happened_at", "-id"))
    saw(actor, "plan.list", [person.subject_id], {one.volet for one in plans})
    order = [PlanState.IN_FORCE, PlanState.DRAFT, PlanState.CLOSED, PlanState.GIVEN_UP]
    rows = [_plan_row(actor, person, one) for one in opened_all(plans)]
    return sorted(rows, key=lambda row: order.index(PlanState(row.plan.state)))


def show_plan(actor: Actor, person: Person, plan_id: UUID, view: str = "plan") -> PlanShown:
    """Return a plan of a visible person, journalled; two SQL statements.

    Refused as if it did not exist when the actor does not read it.
    """
    opened = find_plan(actor, person.subject_id, plan_id)
    plan = opened.plan
    saw(actor, "plan.read", [person.subject_id], [plan.volet])
    refused = refusal_to_change(actor, plan)
    may_change = refused is None
    places = {one.pk: one for one in opened.objectives}
    review_url = reverse("record:plan_review", args=[person.pk, plan_id])
    row = _plan_row(actor, person, opened)
    return PlanShown(
        opened=opened,
        person=person,
        row=row,
        refused=refused,
        views=tuple(
            Tab(label, reverse(f"record:{name}", args=[person.pk, plan_id]), name == view)
            for name, label in VIEWS.items()
        ),
        may_export=actor.has_verb(Verb.EXPORT),
        steps=[
            (step, review_url if step.verb == "review" else url)
            for step, url in _steps(plan, "plan_step", [person.pk, plan_id], may_change)
        ],
        actions={
            one.pk: _action_row(actor, person, opened, one, places[one.objective_id], may_change)
            for one in opened.actions
        },
    )


def objective_due(objective: Objective, today: date) -> Badge | None:
    """Return where an objective that is still pursued stands towards its date, if it is near."""
    is_pursued = objective.state == ObjectiveState.PURSUED
    due = towards(objective.due_on, today) if is_pursued else None
    return DUE_BADGES.get(due) if due else None


def objective_rows(
    shown: PlanShown, today: date, *, state: str = "", owner: str = ""
) -> list[ObjectiveRow]:
    """Return the objectives of a plan with their actions in that state and of that owner."""
    person, plan = shown.person, shown.plan
    return [
        ObjectiveRow(
            objective=one,
            badge=badge_of(one),
            due=objective_due(one, today),
            rows=[
                shown.actions[action.pk]
                for action in shown.opened.of(one)
                if state in ("", action.state) and owner in ("", str(action.owner_id))
            ],
            progress=shown.opened.progress_toward(one),
            steps=_steps(
                one, "objective_step", [person.pk, plan.pk, one.pk], shown.refused is None
            ),
            takes_actions=refusal_to_add(one) is None,
        )
        for one in shown.opened.objectives
    ]


def _plan_row(actor: Actor, person: Person, opened: OpenPlan) -> PlanRow:
    plan = opened.plan
    is_going_on = plan.state in (PlanState.DRAFT, PlanState.IN_FORCE)
    return PlanRow(
        plan=plan,
        url=reverse("record:plan", args=[person.pk, plan.pk]),
        volet=Volet(plan.volet).label,
        badge=badge_of(plan),
        progress=opened.progress,
        late=sum(is_going_on and due_of(one, actor.today) == Due.LATE for one in opened.to_do),
        is_review_late=bool(is_going_on and plan.review_on and plan.review_on < actor.today),
        author=author_label(plan.author_name, plan.author_profession),
    )


def _action_row(
    actor: Actor,
    person: Person,
    opened: OpenPlan,
    action: PlannedAction,
    objective: Objective,
    may_change: bool,
) -> ActionRow:
    names = [person.pk, opened.plan.pk, action.pk]
    steps = _steps(action, "plan_action_step", names, may_change)
    due = due_of(action, actor.today) if action.pk in opened.unfinished else None
    return ActionRow(
        action=action,
        objective=objective,
        url=reverse("record:plan_action", args=names),
        badge=badge_of(action),
        due=DUE_BADGES.get(due) if due else None,
        holding=opened.holding(action),
        steps=[one for one in steps if not _asks_why(one[0]) and one[0].verb != FINISH],
        dated_steps=[one for one in steps if one[0].verb == FINISH],
        asked_steps=[pair for pair in steps if _asks_why(pair[0])],
    )


def _steps(
    item: FollowsWorkflow, url_name: str, names: Sequence[UUID], may_change: bool
) -> list[tuple[Step, str]]:
    """Return the steps that leave the present state, each with its address, to who may change."""
    if not may_change:
        return []
    return [
        (step, reverse(f"record:{url_name}", args=[*names, step.verb]))
        for step in item.table.leaving(item.state_code)
    ]


def badge_of(item: FollowsWorkflow) -> Badge:
    """Return the state of a plan, of an objective or of an action."""
    return Badge(item.standing.label, item.standing.tone.value)


def _asks_why(step: Step) -> bool:
    return step.reason is ReasonNeed.REQUIRED
