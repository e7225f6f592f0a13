"""Objectives and actions: added, changed, moved along, waiting for each other."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils.timezone import localdate

from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from virage.directory.actions import leaving
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.journal.models import JournalEvent
from virage.foundation.workflow.models import Transition
from virage.persons.actions import break_the_glass, open_medical_volet
from virage.persons.models import Person
from virage.plans.actions.parts import (
    add_action,
    add_objective,
    step_action,
    step_objective,
    update_action,
    update_objective,
)
from virage.plans.actions.plans import NOT_READ, create_plan
from virage.plans.models import Dependency, Objective, Plan, PlannedAction
from virage.plans.queries.plans import find_plan, plans_of
from virage.plans.rules.drafts import ActionDraft, AnswerOrigin, ObjectiveDraft, PlanDraft

pytestmark = pytest.mark.django_db


def draft_of(action: PlannedAction, **changes: object) -> ActionDraft:
    names = [name for name in ActionDraft.__dataclass_fields__ if name != "needs"]
    return replace(ActionDraft(**{name: getattr(action, name) for name in names}), **changes)


def after(actor: Actor, action: PlannedAction, *needs: PlannedAction) -> PlannedAction:
    return update_action(
        actor,
        plan_id=action.objective.plan_id,
        action_id=action.pk,
        expected_version=PlannedAction.objects.get(pk=action.pk).version,
        draft=draft_of(action, needs=tuple(one.pk for one in needs)),
    )


def test_what_waits_is_told_and_may_begin_all_the_same(
    alice: Actor, rose: Person, plan: Plan, walk: PlannedAction, shoes: PlannedAction
) -> None:
    after(alice, walk, shoes)
    opened = find_plan(alice, rose.subject_id, plan.pk)
    assert [one.title for one in opened.holding(opened.by_id[walk.pk])] == [shoes.title]
    assert [one.title for one in opened.first_to_do] == [shoes.title, walk.title]
    step_action(alice, plan_id=plan.pk, action_id=walk.pk, verb="begin")
    step_action(alice, plan_id=plan.pk, action_id=shoes.pk, verb="finish")
    opened = find_plan(alice, rose.subject_id, plan.pk)
    assert opened.holding(opened.by_id[walk.pk]) == []
    assert opened.by_id[shoes.pk].ended_at is not None


def test_a_circle_is_refused_by_its_titles(
    alice: Actor, walk: PlannedAction, shoes: PlannedAction
) -> None:
    after(alice, walk, shoes)
    with pytest.raises(Invalid) as refused:
        after(alice, shoes, walk)
    assert "Choisir des chaussures" in refused.value.errors["needs"][0]
    with pytest.raises(Invalid, match="Marcher vingt minutes"):
        after(alice, walk, walk)
    assert Dependency.objects.count() == 1
    after(alice, walk)
    after(alice, shoes, walk)
    assert Dependency.objects.get().needs == walk


def test_two_who_change_what_comes_first(
    alice: Actor, town: Town, walk: PlannedAction, shoes: PlannedAction
) -> None:
    after(actor_of(town.aude), walk, shoes)
    again = {"plan_id": walk.objective.plan_id, "action_id": walk.pk, "expected_version": 1}
    with pytest.raises(Conflict) as conflict:
        update_action(alice, **again, draft=draft_of(walk))
    assert "Choisir des chaussures" in conflict.value.theirs
    with pytest.raises(Conflict) as conflict:
        update_action(alice, **again, draft=draft_of(walk, title="Courir", needs=(shoes.pk,)))
    assert conflict.value.mine == "Titre\u00a0: Courir"


def test_who_changed_a_part_meanwhile_is_named(
    alice: Actor, town: Town, objective: Objective, walk: PlannedAction, shoes: PlannedAction
) -> None:
    """Not who touched another part since, nor who took a step, which changes nothing typed."""
    aude, of_plan = actor_of(town.aude), {"plan_id": objective.plan_id}
    first = {**of_plan, "action_id": walk.pk, "expected_version": 1}
    update_action(aude, **first, draft=draft_of(walk, title="Courir", due_on=alice.today))
    after(alice, shoes, walk)
    step_action(alice, **of_plan, action_id=walk.pk, verb="begin")
    with pytest.raises(Conflict, match="Aude Lenoir a modifié"):
        update_action(alice, **first, draft=draft_of(walk, title="Nager"))
    written = JournalEvent.objects.get(action="plan_action.update", target_id=walk.pk)
    assert written.detail == {
        "fields": ["title", "due_on"],
        "changes": {"due_on": [None, str(alice.today)]},
    }
    second = {**of_plan, "objective_id": objective.pk, "expected_version": 1}
    update_objective(aude, **second, draft=ObjectiveDraft(title="Sortir"))
    add_objective(alice, **of_plan, draft=ObjectiveDraft(title="Dormir"))
    with pytest.raises(Conflict, match="Aude Lenoir a modifié"):
        update_objective(alice, **second, draft=ObjectiveDraft(title="Rester"))


def test_what_is_for_an_objective_that_is_over_is_to_do_no_more(
    alice: Actor, rose: Person, plan: Plan, objective: Objective, walk: PlannedAction
) -> None:
    of_objective = {"plan_id": plan.pk, "objective_id": objective.pk}
    step_objective(alice, **of_objective, verb="achieve")
    opened = find_plan(alice, rose.subject_id, plan.pk)
    assert (opened.first_to_do, opened.unfinished) == ([], set())
    with pytest.raises(Refused, match="L’objectif est atteint"):
        add_action(alice, **of_objective, draft=ActionDraft(title="Courir"))
    step_objective(alice, **of_objective, verb="reopen")
    opened = find_plan(alice, rose.subject_id, plan.pk)
    assert opened.first_to_do == [walk]


def test_what_was_for_an_objective_given_up_does_not_hold_the_plan_back(
    alice: Actor, rose: Person, plan: Plan, walk: PlannedAction
) -> None:
    step_action(alice, plan_id=plan.pk, action_id=walk.pk, verb="finish")
    aim = add_objective(alice, plan_id=plan.pk, draft=ObjectiveDraft(title="Par erreur"))
    of_aim = {"plan_id": plan.pk, "objective_id": aim.pk}
    add_action(alice, **of_aim, draft=ActionDraft(title="Courir"))
    step_objective(alice, **of_aim, verb="give_up", reason="Écrit par erreur")
    progress = find_plan(alice, rose.subject_id, plan.pk).progress
    assert progress and (progress.percent, progress.counted) == (100, 1)


def test_an_action_says_when_it_was_done(alice: Actor, walk: PlannedAction) -> None:
    finish = {"plan_id": walk.objective.plan_id, "action_id": walk.pk, "verb": "finish"}
    with pytest.raises(Invalid):
        step_action(alice, **finish, done_on=alice.today + timedelta(days=1))
    day = alice.today - timedelta(days=3)
    done = step_action(alice, **finish, done_on=day)
    assert localdate(done.ended_at) == day
    step = Transition.objects.get(item_id=walk.pk, verb="finish")
    assert localdate(step.happened_at) == day and localdate(step.recorded_at) == alice.today


def test_what_is_to_be_done_again_starts_from_nothing(alice: Actor, walk: PlannedAction) -> None:
    of_action = {"plan_id": walk.objective.plan_id, "action_id": walk.pk}
    step_action(alice, **of_action, verb="begin")
    update_action(alice, **of_action, expected_version=1, draft=draft_of(walk, percent=40))
    assert step_action(alice, **of_action, verb="block", reason="Il neige").percent == 40
    step_action(alice, **of_action, verb="begin")
    assert step_action(alice, **of_action, verb="reopen").percent == 0


def test_what_is_not_carried_out_keeps_why(
    alice: Actor, plan: Plan, objective: Objective, walk: PlannedAction
) -> None:
    of_action = {"plan_id": plan.pk, "action_id": walk.pk}
    for verb in ("block", "miss", "give_up"):
        with pytest.raises(Invalid):
            step_action(alice, **of_action, verb=verb)
    step_action(alice, **of_action, verb="block", reason="Il neige")
    blocked = step_action(alice, **of_action, verb="begin")
    assert (blocked.why, blocked.ended_at) == ("", None)
    missed = step_action(alice, **of_action, verb="miss", reason="Il a neigé un mois")
    assert missed.why == "Il a neigé un mois"
    with pytest.raises(Refused, match="une action non réalisée ne peut pas"):
        step_action(alice, **of_action, verb="finish")
    with pytest.raises(Conflict):
        step_action(alice, **of_action, verb="reopen", seen_state="doing")
    step_action(alice, **of_action, verb="reopen", seen_state="missed")
    of_objective = {"plan_id": plan.pk, "objective_id": objective.pk}
    with pytest.raises(Invalid):
        step_objective(alice, **of_objective, verb="miss")
    missed = step_objective(alice, **of_objective, verb="miss", reason="L’hiver a été long")
    assert (missed.state, missed.why) == ("missed", "L’hiver a été long")
    assert step_objective(alice, **of_objective, verb="reopen").why == ""


def test_objectives_are_added_and_changed(alice: Actor, town: Town, plan: Plan) -> None:
    with pytest.raises(Invalid):
        add_objective(alice, plan_id=plan.pk, draft=ObjectiveDraft(title=" "))
    one, two = (
        add_objective(alice, plan_id=plan.pk, draft=ObjectiveDraft(title=title))
        for title in ("Manger mieux", "Dormir mieux")
    )
    assert (one.position, two.position) == (1, 2)
    edit = {"plan_id": plan.pk, "objective_id": two.pk, "expected_version": 1}
    changed = update_objective(alice, **edit, draft=ObjectiveDraft(title="Dormir"))
    assert (changed.title, changed.version) == ("Dormir", 2)
    with pytest.raises(Conflict):
        update_objective(alice, **edit, draft=ObjectiveDraft(title="Veiller"))
    with pytest.raises(Refused):
        update_objective(actor_of(town.nina), **edit, draft=ObjectiveDraft(title="Veiller"))


def test_who_answers_for_an_action_works_here(
    alice: Actor, town: Town, plan: Plan, objective: Objective, walk: PlannedAction
) -> None:
    charlie = replace(draft_of(walk), owner_id=town.charlie.professional_id)
    with pytest.raises(Invalid) as refused:
        add_action(alice, plan_id=plan.pk, objective_id=objective.pk, draft=charlie)
    assert set(refused.value.errors) == {"owner_id"}
    secretary = replace(draft_of(walk), owner_id=town.sofia.professional_id)
    with pytest.raises(Invalid) as refused:
        add_action(alice, plan_id=plan.pk, objective_id=objective.pk, draft=secretary)
    assert refused.value.errors == {"owner_id": [NOT_READ]}
    with pytest.raises(Invalid):
        wrong = draft_of(walk, starts_on=alice.today, due_on=alice.today.replace(year=2000))
        add_action(alice, plan_id=plan.pk, objective_id=objective.pk, draft=wrong)
    with pytest.raises(Invalid):
        add_action(
            alice, plan_id=plan.pk, objective_id=objective.pk, draft=draft_of(walk, percent=101)
        )


def test_an_action_comes_from_an_answer(alice: Actor, plan: Plan, objective: Objective) -> None:
    origin = AnswerOrigin(
        evaluation_id=plan.pk,
        instrument="norton",
        item="mobility",
        answer="Très limitée",
        proposed="full",
        proposed_told="Totale",
    )
    draft = ActionDraft(title="Se lever chaque jour")
    action = add_action(
        alice, plan_id=plan.pk, objective_id=objective.pk, draft=draft, origin=origin
    )
    assert (action.origin_item, action.proposed_answer) == ("mobility", "full")


def test_who_leaves_hands_over_what_is_to_do(
    alice: Actor, town: Town, walk: PlannedAction, shoes: PlannedAction
) -> None:
    told = dict(leaving.open_works(town.alice.professional, alice.today))
    assert told["actions de plans"] == 1
    leaving.leave(
        actor_of(town.gaspard),
        professional=town.alice.professional,
        last_day=alice.today,
        heir=town.denis.professional,
    )
    walk.refresh_from_db()
    assert walk.owner_id == town.denis.professional_id


def test_what_a_bris_de_glace_opens_makes_nobody_an_owner(town: Town) -> None:
    louise = welcome(town, "Louise Bernard", town.ehpad, town.unit_b)
    denis, nurse = actor_of(town.denis), actor_of(town.alice)
    draft = PlanDraft(
        subject_id=louise.subject_id, volet=Volet.MEDICAL, title="Douleur", starts_on=denis.today
    )
    plan = create_plan(denis, draft=draft)
    aim = add_objective(denis, plan_id=plan.pk, draft=ObjectiveDraft(title="Dormir"))
    break_the_glass(nurse, person_id=louise.pk, motive="fall", reason="Chute dans le couloir.")
    open_medical_volet(actor_of(town.alice), person_id=louise.pk)
    assert plans_of(actor_of(town.alice), louise.subject_id).exists()
    named = ActionDraft(title="Traiter", owner_id=nurse.professional_id)
    with pytest.raises(Invalid, match="ne peut pas ouvrir ce plan"):
        add_action(denis, plan_id=plan.pk, objective_id=aim.pk, draft=named)
