"""An answer becomes an action, and the action done proposes another answer, which nobody writes."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.town import Town, actor_of, sign_in
from tests.guards import BoundedQueries
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import Restriction
from virage.foundation.calendar import midnight
from virage.foundation.ids import new_id
from virage.foundation.journal.collector import collecting_reads
from virage.instruments.actions import take_in_sheet
from virage.instruments.models import Evaluation, Sheet
from virage.instruments.rules.given import Given
from virage.instruments.rules.sheet import SheetDraft
from virage.instruments.rules.shipped import in_force
from virage.persons.models import Person
from virage.plans.actions.parts import add_objective, step_action
from virage.plans.actions.plans import create_plan, step_plan
from virage.plans.models import Objective, PlannedAction
from virage.plans.rules.drafts import ObjectiveDraft, PlanDraft
from virage.record.queries.answers_planned import planned_answer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
LIMITED = {
    "q__physical": "good",
    "q__mental": "alert",
    "q__activity": "bed",
    "q__mobility": "full",
    "q__incontinence": "none",
}


@pytest.fixture
def alice(client: Client, town: Town) -> Client:
    sign_in(client, town.alice)
    return client


@pytest.fixture
def evaluation(alice: Client, rose: Person) -> Evaluation:
    """Rose stays in bed, says the Norton scale."""
    return assessed(alice, rose)


def assessed(client: Client, person: Person) -> Evaluation:
    url = begin(client, person)
    form = client.get(url).context["form"]
    typed = {"happened_at": form["happened_at"].value(), "seen": form["seen"].value()}
    assert client.post(url, typed | LIMITED).status_code == 302
    return Evaluation.objects.latest("recorded_at")


def begin(client: Client, person: Person) -> str:
    address = reverse("record:sheet_begin", args=[person.pk])
    return str(client.post(address, {"instrument": "norton"}).url)


def objective(actor: Actor, person: Person, volet: Volet) -> Objective:
    draft = PlanDraft(
        subject_id=person.subject_id, volet=volet, title="Se lever", starts_on=actor.today
    )
    plan = create_plan(actor, draft=draft)
    return add_objective(actor, plan_id=plan.pk, draft=ObjectiveDraft(title="Marcher"))


def from_answer(person: Person, evaluation: Evaluation, item: str = "activity") -> str:
    return reverse("record:plan_from_answer", args=[person.pk, evaluation.pk, item])


def text_of(page: Any) -> str:
    return " ".join(page.content.decode().replace("\u00a0", " ").split())


def made(client: Client, town: Town, person: Person, evaluation: Evaluation) -> PlannedAction:
    aim = objective(actor_of(town.alice), person, Volet.CARE)
    typed = {"objective": str(aim.pk), "title": "Lever chaque matin", "proposed": "walks"}
    answer = client.post(from_answer(person, evaluation), typed)
    action = PlannedAction.objects.get()
    assert answer.url == reverse(
        "record:plan_action_edit", args=[person.pk, aim.plan_id, action.pk]
    )
    return action


def test_an_answer_becomes_an_action(
    alice: Client, town: Town, rose: Person, evaluation: Evaluation, queries: BoundedQueries
) -> None:
    page = text_of(alice.get(reverse("record:evaluation", args=[rose.pk, evaluation.pk])))
    assert from_answer(rose, evaluation) in page
    assert from_answer(rose, evaluation, "physical") not in page, "« Bon » leaves nothing to do"
    action = made(alice, town, rose, evaluation)
    assert (action.origin_evaluation_id, action.origin_item) == (evaluation.pk, "activity")
    assert (action.proposed_answer, action.owner) == ("walks", town.alice.professional)
    with queries(at_most=12):
        form = text_of(alice.get(from_answer(rose, evaluation)))
    assert action.origin_answer in form
    plan = action.objective.plan_id
    shown = text_of(alice.get(reverse("record:plan_action", args=[rose.pk, plan, action.pk])))
    assert action.origin_answer in shown and action.proposed_told in shown
    assert "« Activité », Échelle de Norton" in shown
    choices = alice.get(from_answer(rose, evaluation)).context["form"].fields["proposed"].choices
    assert choices[0] == ("", "Ne rien proposer")
    assert "bed" not in dict(choices) and "walks" in dict(choices)


def test_the_answer_of_an_evaluation_that_is_closed_is_not_told_by_its_action(
    alice: Client, town: Town, rose: Person, evaluation: Evaluation
) -> None:
    action = made(alice, town, rose, evaluation)
    Restriction.objects.create(
        subject=rose.subject, profession="care_assistant", item_id=evaluation.pk, reason="Non"
    )
    page = reverse("record:plan_action", args=[rose.pk, action.objective.plan_id, action.pk])
    assert action.origin_answer in text_of(alice.get(page))
    sign_in(alice, town.aude)
    shown = text_of(alice.get(page))
    assert "Lever chaque matin" in shown
    assert action.origin_answer not in shown and action.proposed_told not in shown


def test_a_plan_of_another_volet_takes_no_answer(
    alice: Client, town: Town, rose: Person, evaluation: Evaluation
) -> None:
    """Those who read it may not read the evaluation."""
    objective(actor_of(town.alice), rose, Volet.PROJECT)
    answer = alice.get(from_answer(rose, evaluation), follow=True)
    assert "Commencez d’abord un plan" in text_of(answer)
    assert alice.get(from_answer(rose, evaluation, "unknown")).status_code == 404
    for stranger, status in ((town.sofia, 404), (town.basile, 403), (town.charlie, 404)):
        sign_in(alice, stranger)
        assert alice.get(from_answer(rose, evaluation)).status_code == status


def test_what_is_done_proposes_an_answer_and_writes_none(
    alice: Client, town: Town, rose: Person, evaluation: Evaluation
) -> None:
    action = made(alice, town, rose, evaluation)
    plan_id = action.objective.plan_id
    step_action(actor_of(town.alice), plan_id=plan_id, action_id=action.pk, verb="finish")
    url = begin(alice, rose)
    page = alice.get(url)
    assert "car une action d’un plan a été faite" in text_of(page)
    # The plan may be closed to a colleague who answers the same sheet.
    assert "Lever chaque matin" not in text_of(page)
    assert not page.context["form"]["q__activity"].value()
    assert set(Sheet.objects.latest("recorded_at").suggestions) == {"activity"}
    # Assessed since without that question: nothing was said of it.
    unsaid = Evaluation.objects.get()
    unsaid.pk, unsaid.recorded_at = new_id(), timezone.now()
    unsaid.answers = [one for one in unsaid.answers if one["link_id"] != "activity"]
    unsaid.save(force_insert=True)
    assert "car une action d’un plan a été faite" in text_of(alice.get(begin(alice, rose)))
    # Assessed since: what the evaluation says holds.
    assessed(alice, rose)
    assert "car une action d’un plan" not in text_of(alice.get(begin(alice, rose)))


def test_what_was_done_on_the_day_of_the_evaluation_proposes_an_answer(
    alice: Client, town: Town, rose: Person, evaluation: Evaluation
) -> None:
    action = made(alice, town, rose, evaluation)
    actor = actor_of(town.alice)
    yesterday = actor.today - DAY
    at = midnight(yesterday) + timedelta(hours=15)
    Evaluation.objects.update(happened_at=at, recorded_at=at)
    of_action = {"plan_id": action.objective.plan_id, "action_id": action.pk}
    step_action(actor, **of_action, verb="finish", done_on=yesterday)
    assert "car une action d’un plan a été faite" in text_of(alice.get(begin(alice, rose)))


def test_what_is_written_down_later_of_a_former_day_does_not_silence_a_proposal(
    alice: Client, town: Town, rose: Person, evaluation: Evaluation
) -> None:
    """A sheet left open and ended after the action, an evaluation of last year received today."""
    action = made(alice, town, rose, evaluation)
    of_action = {"plan_id": action.objective.plan_id, "action_id": action.pk}
    step_action(actor_of(town.alice), **of_action, verb="finish")
    former = assessed(alice, rose)
    Evaluation.objects.filter(pk=former.pk).update(happened_at=former.happened_at - DAY)
    assert "car une action d’un plan a été faite" in text_of(alice.get(begin(alice, rose)))


def test_a_plan_given_up_proposes_nothing(
    alice: Client, town: Town, rose: Person, evaluation: Evaluation
) -> None:
    action = made(alice, town, rose, evaluation)
    actor, of_plan = actor_of(town.alice), {"plan_id": action.objective.plan_id}
    step_action(actor, **of_plan, action_id=action.pk, verb="finish")
    step_plan(actor, **of_plan, verb="give_up", reason="Elle a déménagé")
    assert "car une action d’un plan" not in text_of(alice.get(begin(alice, rose)))


def test_what_is_not_done_proposes_nothing(
    alice: Client, town: Town, rose: Person, evaluation: Evaluation
) -> None:
    made(alice, town, rose, evaluation)
    assert "car une action d’un plan" not in text_of(alice.get(begin(alice, rose)))


def test_the_rows_of_a_table_are_told_in_words(town: Town, rose: Person) -> None:
    aude = actor_of(town.aude)
    watched = in_force("behaviour_abc", aude.today)
    assert watched
    cells = {"antecedent": Given("Bruit"), "behaviour": Given("Crie")}
    seen = take_in_sheet(
        aude,
        draft=SheetDraft(subject_id=rose.subject_id, instrument=watched, happened_at=aude.at),
        answers={
            "watched": Given("Crie"),
            "rows": Given(({"day": Given(aude.today), **cells, "consequence": Given("Sort")},)),
        },
    )
    with collecting_reads():
        told = planned_answer(aude, rose, seen.pk, "rows").told.replace("\u00a0", " ")
    assert told.startswith("Jour : ")
    assert "Juste avant : Bruit, Comportement : Crie, Juste après : Sort" in told
