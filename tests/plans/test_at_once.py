"""Two people who change the same plan at the same instant: it stays straight."""

import pytest

from tests.at_once import at_once
from tests.factories.people import welcome
from tests.factories.town import actor_of, build_town
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.plans.actions.order import put_before
from virage.plans.actions.parts import add_action, add_objective, update_action
from virage.plans.actions.plans import create_plan
from virage.plans.models import Dependency, PlannedAction
from virage.plans.rules.drafts import ActionDraft, ObjectiveDraft, PlanDraft

pytestmark = pytest.mark.django_db(transaction=True)


def made() -> tuple[Actor, list[PlannedAction]]:
    """A plan about Rose, with three actions."""
    town = build_town()
    alice = actor_of(town.alice)
    rose = welcome(town, "Rose Lambert", town.ehpad, town.unit_a)
    draft = PlanDraft(
        subject_id=rose.subject_id, volet=Volet.PROJECT, title="Jardin", starts_on=alice.today
    )
    plan_id = create_plan(alice, draft=draft).pk
    aim = add_objective(alice, plan_id=plan_id, draft=ObjectiveDraft(title="Marcher"))
    of_aim = {"plan_id": plan_id, "objective_id": aim.pk}
    drafts = (ActionDraft(title=title) for title in ("Une", "Deux", "Trois"))
    return alice, [add_action(alice, **of_aim, draft=draft) for draft in drafts]


def test_one_of_two_that_would_wait_for_each_other_is_refused() -> None:
    alice, (one, two, _) = made()

    def wait(action: PlannedAction, other: PlannedAction) -> None:
        update_action(
            alice,
            plan_id=action.objective.plan_id,
            action_id=action.pk,
            expected_version=1,
            draft=ActionDraft(title=action.title, needs=(other.pk,)),
        )

    done = at_once(lambda: wait(one, two), lambda: wait(two, one))
    assert sorted(done) == [False, True]
    assert Dependency.objects.count() == 1


def test_two_who_move_actions_leave_each_a_place_of_its_own() -> None:
    alice, (one, two, three) = made()
    plan_id = one.objective.plan_id
    done = at_once(
        lambda: put_before(alice, plan_id=plan_id, part_id=two.pk, other_id=one.pk),
        lambda: put_before(alice, plan_id=plan_id, part_id=three.pk, other_id=two.pk),
    )
    assert sorted(done) == [False, True]
    places = PlannedAction.objects.order_by("position").values_list("position", flat=True)
    assert list(places) == [1, 2, 3]
