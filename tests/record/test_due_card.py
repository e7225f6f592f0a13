"""« Actions à faire » shows the objectives and the reviews of one's plans beside one's actions."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories.town import Town, actor_of, sign_in
from tests.guards import BoundedQueries
from tests.record.plan_pages import text_of, words_of
from virage.directory.models import Membership
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import Restriction
from virage.foundation.journal.models import JournalEvent
from virage.persons.models import Person
from virage.plans.actions.parts import add_action, add_objective
from virage.plans.actions.plans import create_plan, step_plan
from virage.plans.models import Objective, Plan, PlannedAction
from virage.plans.rules.drafts import ActionDraft, ObjectiveDraft, PlanDraft

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(town: Town) -> Actor:
    return actor_of(town.alice)


@pytest.fixture
def plan(alice: Actor, rose: Person) -> Plan:
    """A plan in force, with an objective, whose review is late."""
    draft = PlanDraft(
        subject_id=rose.subject_id,
        volet=Volet.PROJECT,
        title="Retrouver le jardin",
        starts_on=alice.today - timedelta(days=90),
        review_on=alice.today - timedelta(days=1),
    )
    plan = create_plan(alice, draft=draft)
    add_objective(alice, plan_id=plan.pk, draft=ObjectiveDraft(title="Marcher dehors"))
    return step_plan(alice, plan_id=plan.pk, verb="put_in_force")


def home_of(client: Client, member: Membership) -> str:
    sign_in(client, member)
    return words_of(client.get("/"))


def test_a_review_and_an_objective_are_told_beside_the_actions(
    client: Client, town: Town, alice: Actor, plan: Plan, rose: Person
) -> None:
    in_a_week = alice.today + timedelta(days=7)
    Objective.objects.update(due_on=in_a_week)
    draft = ActionDraft(title="Sortir", owner_id=alice.professional_id, due_on=alice.today)
    add_action(alice, plan_id=plan.pk, objective_id=plan.objectives.get().pk, draft=draft)
    home = home_of(client, town.alice)
    told = [
        f"Bilan : Retrouver le jardin depuis le {alice.today - timedelta(days=1):%d/%m/%Y}",
        f"Lambert Rose · Sortir pour le {alice.today:%d/%m/%Y}",
        f"Objectif : Marcher dehors pour le {in_a_week:%d/%m/%Y}",
    ]
    places = [home.find(line) for line in told]
    assert -1 not in places and places == sorted(places)
    read = JournalEvent.objects.get(action="plan.due")
    assert [line.subject_id for line in read.lines.all()] == [rose.subject_id]
    page = client.get(reverse("record:own_actions"))
    rows = page.context["paging"].rows
    assert [one.badge.label for one in rows] == ["En vigueur", "À faire", "En cours"]
    assert rows[0].url == reverse("record:plan", args=[rose.pk, plan.pk])
    Objective.objects.update(due_on=in_a_week + timedelta(days=1))
    Plan.objects.update(review_on=in_a_week + timedelta(days=1))
    assert "Bilan" not in home_of(client, town.alice)
    assert len(client.get(reverse("record:own_actions")).context["paging"].rows) == 1


@pytest.mark.parametrize("why", ["closed", "dead", "over", "another's"])
def test_what_is_not_his_to_read_or_to_do_is_told_to_nobody(
    client: Client, town: Town, alice: Actor, plan: Plan, rose: Person, why: str
) -> None:
    assert "Bilan : Retrouver le jardin" in home_of(client, town.alice)
    match why:
        case "closed":
            Restriction.objects.create(
                subject=rose.subject, profession="nurse", item_id=plan.pk, reason="Non"
            )
        case "dead":
            Person.objects.update(died_at=alice.at)
        case "over":
            step_plan(alice, plan_id=plan.pk, verb="give_up", reason="Elle a déménagé")
        case "another's":
            Plan.objects.update(owner=town.denis.professional)
    assert "Retrouver le jardin" not in home_of(client, town.alice)
    assert "Rien à faire" in text_of(client.get(reverse("record:own_actions")))


@pytest.mark.parametrize("who", ["diane", "gaspard"])
def test_the_home_of_the_direction_takes_twelve_statements(
    client: Client, town: Town, alice: Actor, plan: Plan, queries: BoundedQueries, who: str
) -> None:
    director = getattr(town, who)
    Plan.objects.update(owner=director.professional)
    objective_id = plan.objectives.get().pk
    for number in range(6):
        draft = ActionDraft(title=f"Sortie {number}")
        add_action(alice, plan_id=plan.pk, objective_id=objective_id, draft=draft)
    PlannedAction.objects.update(owner=director.professional)
    sign_in(client, director)
    with queries(at_most=12):
        home = words_of(client.get("/"))
    assert "Bilan : Retrouver le jardin" in home and "Les 5 premières sur 7." in home
