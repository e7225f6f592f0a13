"""A few plans: objectives, who does what before when, how far it has come."""

from collections.abc import Sequence
from datetime import time, timedelta

from virage.demo import texts
from virage.demo.draw import Draw
from virage.demo.house import House, Seat, Usager, instant
from virage.foundation.access.enums import Volet
from virage.plans.actions.parts import add_action, add_objective, step_action
from virage.plans.actions.plans import create_plan, sign_version, step_plan
from virage.plans.enums import Agreement, Capacity
from virage.plans.models import Plan, PlannedAction
from virage.plans.rules.drafts import ActionDraft, ObjectiveDraft, PlanDraft, SignatureDraft

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
    actor = seat.acting(began)
    plan = create_plan(
        actor,
        draft=PlanDraft(
            subject_id=usager.person.subject_id,
            volet=Volet(told.volet),
            title=told.title,
            starts_on=actor.today,
            review_on=house.today + timedelta(days=told.review),
        ),
    )
    made: list[PlannedAction] = []
    for objective in told.objectives:
        added = add_objective(
            actor,
            plan_id=plan.pk,
            draft=ObjectiveDraft(
                title=usager.told(objective.title, draw),
                expected_result=usager.told(objective.expected_result, draw),
            ),
        )
        for one in objective.actions:
            owner = house.on_duty(one.profession, usager, began)
            draft = ActionDraft(
                title=usager.told(one.title, draw),
                owner_id=owner.professional.pk if owner else None,
                due_on=house.today + timedelta(days=one.due),
                priority=one.priority,
                effort=one.effort,
                percent=one.percent,
                needs=tuple(made[place - 1].pk for place in one.after),
            )
            made.append(add_action(actor, plan_id=plan.pk, objective_id=added.pk, draft=draft))
    if told.is_in_force:
        step_plan(actor, plan_id=plan.pk, verb="put_in_force")
        _sign(seat, usager, plan, told)
    _move(house, seat, plan, told, made)


def _sign(seat: Seat, usager: Usager, plan: Plan, told: texts.PlanPlan) -> None:
    actor = seat.acting(plan.happened_at + timedelta(hours=1))
    agreement = Agreement(told.agreement)
    sign_version(
        actor,
        plan_id=plan.pk,
        number=1,
        draft=SignatureDraft(
            name=usager.person.display_name,
            capacity=Capacity.PERSON,
            agreement=agreement,
            reason="" if agreement == Agreement.AGREED else NOT_COLLECTED,
            signed_on=actor.today,
        ),
    )


def _move(
    house: House, seat: Seat, plan: Plan, told: texts.PlanPlan, made: Sequence[PlannedAction]
) -> None:
    """Take the steps of each action, between the beginning of the plan and yesterday."""
    asked = [one for objective in told.objectives for one in objective.actions]
    for action, one in zip(made, asked, strict=True):
        for number, verb in enumerate(one.steps, 1):
            day = house.today + timedelta(days=told.starts + 2 * number)
            is_last = number == len(one.steps)
            step_action(
                seat.acting(instant(day, HOUR)),
                plan_id=plan.pk,
                action_id=action.pk,
                verb=verb,
                reason=one.reason if is_last else "",
            )
