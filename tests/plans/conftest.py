"""A plan about Rose, written by Alice, her nurse."""

from datetime import timedelta

import pytest

from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.persons.models import Person
from virage.plans.actions.parts import add_action, add_objective
from virage.plans.actions.plans import create_plan
from virage.plans.models import Objective, Plan, PlannedAction
from virage.plans.rules.drafts import ActionDraft, ObjectiveDraft, PlanDraft


@pytest.fixture
def rose(town: Town) -> Person:
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a, town.room_a1)


@pytest.fixture
def alice(town: Town) -> Actor:
    return actor_of(town.alice)


@pytest.fixture
def plan(alice: Actor, rose: Person) -> Plan:
    draft = PlanDraft(
        subject_id=rose.subject_id,
        volet=Volet.PROJECT,
        title="Retrouver le jardin",
        starts_on=alice.today,
        review_on=alice.today + timedelta(days=90),
    )
    return create_plan(alice, draft=draft)


@pytest.fixture
def objective(alice: Actor, plan: Plan) -> Objective:
    return add_objective(alice, plan_id=plan.pk, draft=ObjectiveDraft(title="Marcher dehors"))


@pytest.fixture
def walk(alice: Actor, plan: Plan, objective: Objective) -> PlannedAction:
    draft = ActionDraft(title="Marcher vingt minutes", owner_id=alice.professional_id)
    return add_action(alice, plan_id=plan.pk, objective_id=objective.pk, draft=draft)


@pytest.fixture
def shoes(alice: Actor, plan: Plan, objective: Objective) -> PlannedAction:
    draft = ActionDraft(title="Choisir des chaussures")
    return add_action(alice, plan_id=plan.pk, objective_id=objective.pk, draft=draft)
