"""A plan made, put in force, reviewed, signed; who may not, and what is refused."""

import json
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from importlib import import_module
from uuid import UUID

import pytest
from django.apps import apps

from tests.factories.town import Town, actor_of
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.journal.models import JournalEvent
from virage.foundation.workflow.models import Transition
from virage.persons.actions import raise_restriction
from virage.persons.models import Person
from virage.plans.actions.parts import step_objective
from virage.plans.actions.plans import (
    comment_plan,
    create_plan,
    review_plan,
    sign_version,
    step_plan,
    update_plan,
)
from virage.plans.enums import Agreement, Capacity, PlanState
from virage.plans.models import Comment, Objective, Plan, PlannedAction, PlanVersion
from virage.plans.queries.plans import find_plan, find_version, plans_of
from virage.plans.rules.drafts import PlanDraft, ReviewDraft, SignatureDraft
from virage.plans.rules.frozen import digest_of, from_json, told

pytestmark = pytest.mark.django_db


def in_force(actor: Actor, plan: Plan) -> Plan:
    return step_plan(actor, plan_id=plan.pk, verb="put_in_force")


def test_a_plan_is_put_in_force_and_frozen(
    alice: Actor, plan: Plan, walk: PlannedAction, shoes: PlannedAction
) -> None:
    assert (plan.state, plan.number) == (PlanState.DRAFT, 0)
    assert (in_force(alice, plan).state, in_force(alice, plan).number) == ("in_force", 2)
    version = PlanVersion.objects.get(number=1)
    assert version.digest == digest_of(version)
    version.author_name = "Aude Lenoir"
    assert version.digest != digest_of(version)
    frozen = from_json(version.content)
    assert [one.title for one in frozen.objectives[0].actions] == [walk.title, shoes.title]
    assert "Responsable\u00a0: Alice Martel" in told(frozen)
    steps = Transition.objects.filter(item_id=plan.pk).values_list("verb", flat=True)
    assert sorted(steps) == ["", "put_in_force", "put_in_force"]
    assert JournalEvent.objects.filter(action="plan.put_in_force").count() == 2


def test_what_has_no_objective_is_not_put_in_force(alice: Actor, plan: Plan) -> None:
    with pytest.raises(Invalid, match="pas encore d’objectif"):
        in_force(alice, plan)
    assert not PlanVersion.objects.exists()


def test_a_review_freezes_a_version_and_says_when_the_next_one_is(
    alice: Actor, plan: Plan, walk: PlannedAction
) -> None:
    draft = ReviewDraft(held_on=alice.today, synthesis="Elle sort seule.", next_on=None)
    with pytest.raises(Refused, match="ne peut pas recevoir un bilan"):
        review_plan(alice, plan_id=plan.pk, draft=draft)
    in_force(alice, plan)
    next_on = alice.today + timedelta(days=180)
    review = review_plan(alice, plan_id=plan.pk, draft=replace(draft, next_on=next_on))
    plan.refresh_from_db()
    assert (plan.number, plan.review_on, review.of_version.number) == (2, next_on, 2)
    assert from_json(review.of_version.content).review_on == next_on
    for wrong in (
        replace(draft, held_on=alice.today + timedelta(days=1)),
        replace(draft, held_on=alice.today - timedelta(days=1)),
        replace(draft, synthesis=" "),
        replace(draft, next_on=alice.today),
    ):
        with pytest.raises(Invalid):
            review_plan(alice, plan_id=plan.pk, draft=wrong)


def test_who_signs_says_yes_or_why_not(alice: Actor, plan: Plan, walk: PlannedAction) -> None:
    Plan.objects.update(happened_at=alice.at - timedelta(days=30))
    in_force(alice, plan)
    draft = SignatureDraft(
        name="Rose Lambert",
        capacity=Capacity.PERSON,
        agreement=Agreement.NOT_COLLECTED,
        reason="Ne s’exprime plus ; pictogrammes proposés.",
        signed_on=alice.today,
    )
    signed = sign_version(alice, plan_id=plan.pk, number=1, draft=draft)
    assert (signed.of_version.number, signed.author_name) == (1, "Alice Martel")
    with pytest.raises(Invalid) as refused:
        sign_version(alice, plan_id=plan.pk, number=1, draft=replace(draft, reason=" "))
    assert set(refused.value.errors) == {"reason"}
    agreed = replace(draft, reason="", agreement=Agreement.AGREED)
    sign_version(alice, plan_id=plan.pk, number=1, draft=agreed)
    with pytest.raises(Invalid):
        tomorrow = alice.today + timedelta(days=1)
        sign_version(alice, plan_id=plan.pk, number=1, draft=replace(agreed, signed_on=tomorrow))
    with pytest.raises(Invalid, match="n’existait pas avant"):
        yesterday = replace(agreed, signed_on=alice.today - timedelta(days=1))
        sign_version(alice, plan_id=plan.pk, number=1, draft=yesterday)
    with pytest.raises(Refused) as unknown:
        sign_version(alice, plan_id=plan.pk, number=7, draft=agreed)
    assert unknown.value.is_hidden


def test_what_is_over_no_longer_changes(
    alice: Actor, plan: Plan, objective: Objective, walk: PlannedAction
) -> None:
    with pytest.raises(Invalid):
        step_plan(alice, plan_id=plan.pk, verb="give_up")
    step_plan(alice, plan_id=plan.pk, verb="give_up", reason="Elle a déménagé")
    for act in (
        lambda: update_plan(alice, plan_id=plan.pk, expected_version=1, changes={"title": "X"}),
        lambda: comment_plan(alice, plan_id=plan.pk, text="Trop tard"),
        lambda: in_force(alice, plan),
    ):
        with pytest.raises(Refused, match="ne change plus"):
            act()


def test_a_plan_is_closed_once_it_is_known_what_became_of_its_objectives(
    alice: Actor, plan: Plan, objective: Objective
) -> None:
    in_force(alice, plan)
    with pytest.raises(Invalid, match="Marcher dehors"):
        step_plan(alice, plan_id=plan.pk, verb="close")
    of_objective = {"plan_id": plan.pk, "objective_id": objective.pk}
    step_objective(alice, **of_objective, verb="miss", reason="L’hiver a été long")
    assert step_plan(alice, plan_id=plan.pk, verb="close").state == PlanState.CLOSED


def test_two_who_edit_are_shown_both_texts(alice: Actor, town: Town, plan: Plan) -> None:
    aude = actor_of(town.aude)
    update_plan(aude, plan_id=plan.pk, expected_version=1, changes={"title": "Le jardin"})
    with pytest.raises(Conflict) as conflict:
        update_plan(alice, plan_id=plan.pk, expected_version=1, changes={"title": "Le parc"})
    assert (conflict.value.mine, conflict.value.theirs) == (
        "Titre\u00a0: Le parc",
        "Titre\u00a0: Le jardin",
    )
    assert "Aude Lenoir" in conflict.value.message
    with pytest.raises(Conflict, match="est passé avant vous"):
        step_plan(
            alice, plan_id=plan.pk, verb="give_up", seen_state="in_force", reason="Autre chose"
        )


def test_a_form_opened_before_a_review_does_not_undo_it(
    alice: Actor, town: Town, plan: Plan, walk: PlannedAction
) -> None:
    in_force(alice, plan)
    opened_on = plan.review_on
    next_on = alice.today + timedelta(days=180)
    draft = ReviewDraft(held_on=alice.today, synthesis="Elle sort seule.", next_on=next_on)
    review_plan(actor_of(town.aude), plan_id=plan.pk, draft=draft)
    comment_plan(alice, plan_id=plan.pk, text="Vu.")
    typed = {"title": "Le parc", "review_on": opened_on}
    with pytest.raises(Conflict, match="Aude Lenoir"):
        update_plan(alice, plan_id=plan.pk, expected_version=1, changes=typed)
    plan.refresh_from_db()
    assert plan.review_on == next_on


def test_a_word_on_a_plan_or_an_action_stays(
    alice: Actor, town: Town, plan: Plan, walk: PlannedAction
) -> None:
    comment_plan(alice, plan_id=plan.pk, text="La famille est d’accord.")
    comment_plan(actor_of(town.aude), plan_id=plan.pk, text="Dix minutes hier", action_id=walk.pk)
    with pytest.raises(Invalid):
        comment_plan(alice, plan_id=plan.pk, text="  ")
    said = Comment.objects.order_by("recorded_at", "id").values_list("author_name", "action")
    assert list(said) == [("Alice Martel", None), ("Aude Lenoir", walk.pk)]


def test_the_access_rule_of_the_plan_holds_for_all_of_it(
    alice: Actor, town: Town, rose: Person, plan: Plan, walk: PlannedAction
) -> None:
    for stranger in (town.basile, town.bob, town.charlie, town.tom):
        actor = actor_of(stranger)
        assert not plans_of(actor, rose.subject_id)
        with pytest.raises(Refused) as hidden:
            step_plan(actor, plan_id=plan.pk, verb="put_in_force")
        assert hidden.value.is_hidden
    diane = actor_of(town.diane)
    assert [one.pk for one in plans_of(diane, rose.subject_id)] == [plan.pk]
    with pytest.raises(Refused):
        comment_plan(diane, plan_id=plan.pk, text="Bien.")
    raise_restriction(
        actor_of(town.diane),
        person=rose,
        professional=town.alice.professional,
        item_id=plan.pk,
        reason="Elle le demande.",
    )
    assert not plans_of(actor_of(town.alice), rose.subject_id)


def test_who_may_not_write_in_the_volet_makes_no_plan(alice: Actor, rose: Person) -> None:
    draft = PlanDraft(
        subject_id=rose.subject_id, volet=Volet.MONEY, title="Budget", starts_on=alice.today
    )
    with pytest.raises(Refused):
        create_plan(alice, draft=draft)
    wrong = replace(draft, volet=Volet.CARE, title=" ", review_on=alice.today - timedelta(days=1))
    with pytest.raises(Invalid) as refused:
        create_plan(alice, draft=wrong)
    assert set(refused.value.errors) == {"title", "review_on"}


def test_a_plan_is_read_in_few_statements(
    alice: Actor, rose: Person, plan: Plan, walk: PlannedAction, queries: object
) -> None:
    with queries(at_most=2):  # type: ignore[operator]
        opened = find_plan(alice, rose.subject_id, plan.pk)
        assert opened.actions[0].owner.display_name == "Alice Martel"
    with pytest.raises(Refused):
        find_plan(alice, rose.subject_id, UUID(int=0))
    with pytest.raises(Refused):
        find_version(opened, 1)


def test_a_version_frozen_under_the_former_seal_is_sealed_anew(
    alice: Actor, plan: Plan, walk: PlannedAction
) -> None:
    in_force(alice, plan)
    version = PlanVersion.objects.get()
    sealed = version.digest
    text = json.dumps(version.content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    PlanVersion.objects.update(digest=sha256(text.encode()).hexdigest())
    migration = import_module("virage.plans.migrations.0004_versions_sealed_anew")
    migration.seal_anew(apps, None)
    assert PlanVersion.objects.get().digest == sealed
    PlanVersion.objects.update(digest="altered")
    migration.seal_anew(apps, None)
    assert PlanVersion.objects.get().digest == "altered"
