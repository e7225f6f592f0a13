"""The order of objectives and actions, put by hand, one place at a time."""

import pytest

from tests.factories.town import Town, actor_of
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Conflict, Refused
from virage.foundation.journal.models import JournalEvent
from virage.persons.models import Person
from virage.plans.actions.order import put_before
from virage.plans.actions.parts import add_action, add_objective, update_action
from virage.plans.actions.plans import step_plan
from virage.plans.models import Objective, Plan, PlannedAction
from virage.plans.queries.plans import find_plan
from virage.plans.rules.drafts import ActionDraft, ObjectiveDraft

pytestmark = pytest.mark.django_db


@pytest.fixture
def bench(alice: Actor, plan: Plan, walk: PlannedAction, shoes: PlannedAction) -> PlannedAction:
    """The third action, after walking and shoes."""
    draft = ActionDraft(title="Trouver un banc")
    return add_action(alice, plan_id=plan.pk, objective_id=walk.objective_id, draft=draft)


def order_of(actor: Actor, person: Person, plan: Plan) -> list[str]:
    return [one.title for one in find_plan(actor, person.subject_id, plan.pk).actions]


def test_two_actions_change_places(
    alice: Actor,
    rose: Person,
    plan: Plan,
    walk: PlannedAction,
    shoes: PlannedAction,
    bench: PlannedAction,
) -> None:
    put_before(alice, plan_id=plan.pk, part_id=bench.pk, other_id=shoes.pk)
    assert order_of(alice, rose, plan) == [walk.title, bench.title, shoes.title]
    written = JournalEvent.objects.get(action="plan.reorder")
    assert (written.target_id, written.detail) == (bench.pk, {"changes": {"position": [3, 2]}})
    assert [line.subject_id for line in written.lines.all()] == [rose.subject_id]
    # Asked again, as by a second press, it is done already.
    put_before(alice, plan_id=plan.pk, part_id=bench.pk, other_id=shoes.pk)
    assert JournalEvent.objects.filter(action="plan.reorder").count() == 1
    frozen = find_plan(alice, rose.subject_id, plan.pk).frozen()
    assert [one.title for one in frozen.objectives[0].actions][1] == bench.title
    later = add_action(
        alice, plan_id=plan.pk, objective_id=walk.objective_id, draft=ActionDraft(title="Sortir")
    )
    assert order_of(alice, rose, plan)[-1] == later.title


def test_two_objectives_change_places_with_their_actions(
    alice: Actor, rose: Person, plan: Plan, objective: Objective, walk: PlannedAction
) -> None:
    sleep = add_objective(alice, plan_id=plan.pk, draft=ObjectiveDraft(title="Dormir"))
    nap = add_action(
        alice, plan_id=plan.pk, objective_id=sleep.pk, draft=ActionDraft(title="Se reposer")
    )
    put_before(alice, plan_id=plan.pk, part_id=sleep.pk, other_id=objective.pk)
    opened = find_plan(alice, rose.subject_id, plan.pk)
    assert [one.pk for one in opened.objectives] == [sleep.pk, objective.pk]
    assert [one.pk for one in opened.actions] == [nap.pk, walk.pk]


def test_what_must_come_before_still_does(
    alice: Actor, rose: Person, plan: Plan, walk: PlannedAction, shoes: PlannedAction
) -> None:
    draft = ActionDraft(title=shoes.title, needs=(walk.pk,))
    of_action = {"plan_id": plan.pk, "action_id": shoes.pk, "expected_version": 1}
    update_action(alice, **of_action, draft=draft)
    put_before(alice, plan_id=plan.pk, part_id=shoes.pk, other_id=walk.pk)
    opened = find_plan(alice, rose.subject_id, plan.pk)
    assert [one.pk for one in opened.actions] == [shoes.pk, walk.pk]
    assert [one.pk for one in opened.first_to_do] == [walk.pk, shoes.pk]


def test_who_looked_at_a_former_order_is_told(
    alice: Actor,
    town: Town,
    plan: Plan,
    walk: PlannedAction,
    shoes: PlannedAction,
    bench: PlannedAction,
) -> None:
    put_before(actor_of(town.aude), plan_id=plan.pk, part_id=bench.pk, other_id=shoes.pk)
    with pytest.raises(Conflict) as conflict:
        put_before(alice, plan_id=plan.pk, part_id=shoes.pk, other_id=walk.pk)
    assert conflict.value.mine.replace("\u00a0", " ") == (
        "« Choisir des chaussures » avant « Marcher vingt minutes »"
    )
    assert conflict.value.theirs.splitlines()[1] == "2. Trouver un banc"


def test_what_has_no_place_to_change_is_refused(
    alice: Actor,
    town: Town,
    plan: Plan,
    objective: Objective,
    walk: PlannedAction,
    shoes: PlannedAction,
) -> None:
    sleep = add_objective(alice, plan_id=plan.pk, draft=ObjectiveDraft(title="Dormir"))
    nap = add_action(
        alice, plan_id=plan.pk, objective_id=sleep.pk, draft=ActionDraft(title="Se reposer")
    )
    for part, other in ((walk, walk), (nap, walk), (walk, objective), (sleep, walk), (plan, walk)):
        with pytest.raises(Refused) as hidden:
            put_before(alice, plan_id=plan.pk, part_id=part.pk, other_id=other.pk)
        assert hidden.value.is_hidden
    asked = {"plan_id": plan.pk, "part_id": shoes.pk, "other_id": walk.pk}
    for stranger in (town.basile, town.bob, town.charlie, town.nina):
        with pytest.raises(Refused):
            put_before(actor_of(stranger), **asked)
    step_plan(alice, plan_id=plan.pk, verb="give_up", reason="Elle a déménagé")
    with pytest.raises(Refused, match="ne change plus"):
        put_before(alice, **asked)
