"""A few plans: objectives, who does what before when, how far it has come."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from virage.demo import texts
from virage.demo.draw import Draw
from virage.demo.house import House, Usager, instant
from virage.directory.models import Professional
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.persons.models import Person
from virage.plans.actions.parts import add_action, add_objective, step_action, step_objective
from virage.plans.actions.plans import create_plan, review_plan, sign_version, step_plan
from virage.plans.enums import Agreement, Capacity
from virage.plans.models import Objective, Plan, PlannedAction
from virage.plans.rules.drafts import (
    ActionDraft,
    ObjectiveDraft,
    PlanDraft,
    ReviewDraft,
    SignatureDraft,
)

HOUR = time(16, 10)
# How many usagers of an establishment have each of its plans.
EACH = 3
NOT_COLLECTED = "N’a pu s’exprimer ; pictogrammes proposés."


def seed_plans(house: House, usagers: Sequence[Usager]) -> None:
    """Make the plans of some usagers who were there when these began."""
    draw = Draw("plans")
    for told in texts.plans():
        began = house.today + timedelta(days=told.starts)
        there = [one for one in usagers if one.key == told.establishment and one.is_there_on(began)]
        for usager in draw.sample(there, EACH):
            _seed_plan(house, usager, told, draw)


def _seed_plan(house: House, usager: Usager, told: texts.PlanPlan, draw: Draw) -> None:
    began = instant(house.today + timedelta(days=told.starts), HOUR)
    seat = house.on_duty(told.profession, usager, began)
    if seat is None:
        raise ValueError(f"nobody works as {told.profession} in {usager.unit}")
    Planning(
        told=told,
        person=usager.person,
        author=seat,
        owner=lambda profession: house.on_duty(profession, usager, began),
        say=lambda text: usager.told(text, draw),
        today=house.today,
        worked=lambda day: day,
    ).plan()


class Hand(Protocol):
    """Someone of the staff who acts at an instant."""

    @property
    def professional(self) -> Professional: ...

    def acting(self, at: datetime) -> Actor: ...


@dataclass(frozen=True, kw_only=True)
class Planning:
    """Makes a plan of someone, and all that its author did of it until `today`.

    `worked` gives the day on which is done what falls on another: itself, or the next open one.
    """

    told: texts.PlanPlan
    person: Person
    author: Hand
    owner: Callable[[str], Hand | None]
    say: Callable[[str], str]
    today: date
    worked: Callable[[date], date]

    def plan(self) -> None:
        """Begin it, then put it in force, move it along and review it, as far as is told."""
        told, actor = self.told, self._acting(self.told.starts)
        plan = create_plan(
            actor,
            draft=PlanDraft(
                subject_id=self.person.subject_id,
                volet=Volet(told.volet),
                title=told.title,
                starts_on=actor.today,
                review_on=self._day(told.review),
            ),
        )
        objectives: list[Objective] = []
        made: list[PlannedAction] = []
        for one in told.objectives:
            draft = ObjectiveDraft(
                title=self.say(one.title), expected_result=self.say(one.expected_result)
            )
            objectives.append(add_objective(actor, plan_id=plan.pk, draft=draft))
            for action in one.actions:
                added = add_action(
                    actor,
                    plan_id=plan.pk,
                    objective_id=objectives[-1].pk,
                    draft=self._action(action, made),
                )
                made.append(added)
        if told.is_in_force:
            step_plan(actor, plan_id=plan.pk, verb="put_in_force")
            self._sign(plan)
        self._move(plan, made)
        if told.synthesis:
            self._review(plan, objectives)

    def _day(self, days: int) -> date:
        return self.worked(self.today + timedelta(days=days))

    def _acting(self, days: int) -> Actor:
        return self.author.acting(instant(self._day(days), HOUR))

    def _action(self, one: texts.ActionPlan, made: Sequence[PlannedAction]) -> ActionDraft:
        owner = self.owner(one.profession)
        return ActionDraft(
            title=self.say(one.title),
            owner_id=owner.professional.pk if owner else None,
            due_on=self._day(one.due),
            priority=one.priority,
            effort=one.effort,
            percent=one.percent,
            needs=tuple(made[place - 1].pk for place in one.after),
        )

    def _sign(self, plan: Plan) -> None:
        actor = self.author.acting(plan.happened_at + timedelta(hours=1))
        agreement = Agreement(self.told.agreement)
        sign_version(
            actor,
            plan_id=plan.pk,
            number=1,
            draft=SignatureDraft(
                name=self.person.display_name,
                capacity=Capacity.PERSON,
                agreement=agreement,
                reason="" if agreement == Agreement.AGREED else NOT_COLLECTED,
                signed_on=actor.today,
            ),
        )

    def _move(self, plan: Plan, made: Sequence[PlannedAction]) -> None:
        """Take the steps of each action, between the beginning of the plan and yesterday."""
        asked = [one for objective in self.told.objectives for one in objective.actions]
        for action, one in zip(made, asked, strict=True):
            for number, verb in enumerate(one.steps, 1):
                is_last = number == len(one.steps)
                step_action(
                    self._acting(self.told.starts + 2 * number),
                    plan_id=plan.pk,
                    action_id=action.pk,
                    verb=verb,
                    reason=one.reason if is_last else "",
                )

    def _review(self, plan: Plan, objectives: Sequence[Objective]) -> None:
        """Say what became of the objectives, then note the review, which freezes a version."""
        actor = self._acting(self.told.review)
        for objective, one in zip(objectives, self.told.objectives, strict=True):
            if one.outcome:
                step_objective(actor, plan_id=plan.pk, objective_id=objective.pk, verb=one.outcome)
        draft = ReviewDraft(
            held_on=actor.today,
            synthesis=self.say(self.told.synthesis),
            next_on=self._day(self.told.next_review),
        )
        review_plan(actor, plan_id=plan.pk, draft=draft)
