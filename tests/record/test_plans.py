"""The screens of plans: made, moved on the board, read over time, frozen, signed, compared."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.town import Town, actor_of, sign_in
from tests.guards import BoundedQueries
from tests.record.plan_pages import begun, text_of, url, with_action, words_of
from virage.foundation.journal.models import JournalEvent
from virage.persons.models import Person
from virage.plans.actions.parts import add_action, add_objective
from virage.plans.models import Objective, Plan
from virage.plans.rules.drafts import ActionDraft, ObjectiveDraft

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client: Client, town: Town) -> Client:
    sign_in(client, town.alice)
    return client


@pytest.fixture
def plan(alice: Client, rose: Person) -> Plan:
    """A plan made as on the screens."""
    return begun(alice, rose)


def test_a_plan_is_made_and_put_in_force(alice: Client, rose: Person, plan: Plan) -> None:
    listed = text_of(alice.get(reverse("record:plans", args=[rose.pk])))
    assert "Retrouver le jardin" in listed and "En préparation" in listed
    refused = alice.post(url("plan_step", plan, "put_in_force"), {"seen_state": "draft"})
    assert refused.status_code == 422
    with_action(alice, plan)
    answer = alice.post(url("plan_step", plan, "put_in_force"), {"seen_state": "draft"})
    assert answer.status_code == 302
    page = text_of(alice.get(answer.url))
    assert "En vigueur" in page and "0 action faite sur 1" in page
    again = alice.post(url("plan_step", plan, "put_in_force"), {"seen_state": "draft"})
    assert again.status_code == 409
    assert alice.get(url("plan_step", plan, "explode")).status_code == 404


def test_an_action_moves_on_the_board(alice: Client, plan: Plan) -> None:
    first = with_action(alice, plan, title="Choisir des chaussures")
    second = with_action(alice, plan, title="Sortir", needs=[str(first.pk)])
    board = url("plan_board", plan)
    page = text_of(alice.get(board))
    assert "Attend" in page and "« Choisir des chaussures »" in page
    begin = url("plan_action_step", plan, second.pk, "begin") + "?view=board"
    moved = alice.post(begin, {"seen_state": "todo"})
    card = f"action-{second.pk}"
    assert moved.url == f"{board}#{card}" and f'id="{card}"' in text_of(alice.get(board))
    columns = dict(alice.get(board).context["shown"].columns)
    assert [row.action for row in columns["doing"]] == [second]
    assert alice.post(begin, {"seen_state": "todo"}).status_code == 409
    block = url("plan_action_step", plan, second.pk, "block") + "?view=board"
    assert alice.post(block, {"seen_state": "doing", "reason": ""}).status_code == 422
    assert alice.post(block, {"seen_state": "doing", "reason": "Il neige"}).url == moved.url
    assert "Parce que : Il neige" in text_of(alice.get(board))
    action = text_of(alice.get(url("plan_action", plan, second.pk)))
    assert "Il neige" in action and "D’autres actions viennent avant" in action
    followed = text_of(alice.get(url("plan_follow_up", plan)))
    assert "Bloquer" in followed and "Motif : Il neige" in followed


def test_the_list_is_filtered(alice: Client, town: Town, plan: Plan) -> None:
    owner = str(town.alice.professional_id)
    with_action(alice, plan, title="Sortir", owner_id=owner)
    with_action(alice, plan, title="Acheter des chaussures")
    page = text_of(alice.get(url("plan", plan), {"owner": owner}))
    assert "Sortir" in page and "Acheter des chaussures" not in page
    page = text_of(alice.get(url("plan", plan), {"state": "done"}))
    assert "Sortir" not in page and "Aucune action de cet objectif à montrer" in page
    assert "Sortir" in text_of(alice.get(url("plan", plan), {"state": "nonsense"}))


def test_a_month_shows_what_is_due(alice: Client, plan: Plan) -> None:
    with_action(alice, plan, title="Sortir", due_on="2026-03-31")
    alice.post(
        url("plan_edit", plan),
        {"title": "Jardin", "starts_on": "2026-01-05", "review_on": "2026-03-12", "version": 1},
    )
    plan.objectives.update(title="Marcher dehors", due_on="2026-03-20")
    assert "Marcher dehors En cours En retard" in words_of(alice.get(url("plan", plan)))
    page = alice.get(url("plan_calendar", plan), {"month": "2026-03"})
    assert "Objectif : Marcher dehors En retard" in words_of(page)
    days = [day for week in page.context["month"].weeks for day in week]
    assert [str(day.day) for day in days if day.rows] == ["2026-03-31"]
    assert [str(day.day) for day in days if day.has_review] == ["2026-03-12"]
    assert "?month=2026-02" in text_of(page) and "?month=2026-04" in text_of(page)
    assert "Aucune échéance" not in text_of(page)
    bare = alice.get(url("plan_calendar", plan), {"month": "2026-02"})
    assert "Aucune échéance ce mois-ci" in text_of(bare)
    for strange in ("2026-13", "demain"):
        first = alice.get(url("plan_calendar", plan), {"month": strange}).context["month"].first
        assert first == timezone.localdate().replace(day=1)


def test_an_objective_not_reached_keeps_why(alice: Client, plan: Plan) -> None:
    with_action(alice, plan)
    objective = plan.objectives.get()
    edit = {"title": "Marcher loin", "expected_result": "Jusqu’au banc", "version": 1}
    assert alice.post(url("objective_edit", plan, objective.pk), edit).status_code == 302
    step = url("objective_step", plan, objective.pk, "miss")
    assert alice.post(step, {"seen_state": "pursued", "reason": ""}).status_code == 422
    assert alice.post(step, {"seen_state": "pursued", "reason": "Chute"}).status_code == 302
    page = text_of(alice.get(url("plan", plan)))
    assert "Non atteint" in page and "Parce que : Chute" in page and "Jusqu’au banc" in page
    add = url("plan_action_add", plan, objective.pk)
    assert add not in page and alice.get(add).status_code == 403


def test_percents_are_said_of_what_is_under_way(alice: Client, plan: Plan) -> None:
    action = with_action(alice, plan, percent=60)
    edit = url("plan_action_edit", plan, action.pk)
    assert "percent" not in alice.get(edit).context["form"].fields
    alice.post(url("plan_action_step", plan, action.pk, "begin"), {"seen_state": "todo"})
    typed = {"title": "Marcher", "priority": 3, "effort": "medium", "version": 1, "percent": 60}
    assert alice.get(edit).context["form"]["percent"].value() == 0
    assert alice.post(edit, typed).status_code == 302
    assert "Avancement : 60 %" in words_of(alice.get(url("plan", plan)))


def test_two_who_edit_an_action_see_both_texts(alice: Client, plan: Plan) -> None:
    action = with_action(alice, plan)
    edit = url("plan_action_edit", plan, action.pk)
    typed = {"title": "Marcher loin", "priority": 1, "effort": "large", "version": 1}
    assert alice.post(edit, typed).status_code == 302
    clash = alice.post(edit, typed | {"title": "Courir"})
    assert clash.status_code == 409
    assert "Marcher loin" in text_of(clash) and "Courir" in text_of(clash)
    form = clash.context["form"]
    again = typed | {"title": "Courir", "version": form["version"].value()}
    assert alice.post(edit, again).status_code == 302
    action.refresh_from_db()
    assert (action.title, action.version) == ("Courir", 3)


def test_a_proof_is_a_document_of_the_record(alice: Client, rose: Person, plan: Plan) -> None:
    action = with_action(alice, plan)
    typed = {
        "content": SimpleUploadedFile("sortie.pdf", b"%PDF-1.4 sortie"),
        "title": "Photo de la sortie",
        "volet": "care",
        "type": "",
        "made_on": timezone.localdate(),
        "confidentiality": "N",
    }
    answer = alice.post(url("plan_action_proof", plan, action.pk), typed)
    assert answer.status_code == 302, answer.context["form"].errors
    assert "Photo de la sortie" in text_of(alice.get(answer.url))
    listed = alice.get(reverse("record:documents", args=[rose.pk]))
    assert "Photo de la sortie" in text_of(listed)
    assert "Photo de la sortie" in text_of(alice.get(url("plan_follow_up", plan)))


def test_words_are_added(alice: Client, plan: Plan) -> None:
    action = with_action(alice, plan)
    for form, page in (
        (url("plan_comment", plan), url("plan_follow_up", plan)),
        (url("plan_action_comment", plan, action.pk), url("plan_action", plan, action.pk)),
    ):
        assert alice.post(form, {"text": " "}).status_code == 422
        assert alice.post(form, {"text": "La famille aide."}).url == page
        assert text_of(alice.get(page)).count("La famille aide.") == 1
    assert text_of(alice.get(url("plan_follow_up", plan))).count("La famille aide.") == 2


def test_a_plan_given_up_is_only_read(alice: Client, plan: Plan) -> None:
    with_action(alice, plan)
    give_up = url("plan_step", plan, "give_up")
    alice.post(give_up, {"seen_state": "draft", "reason": "Déménagement"})
    page = text_of(alice.get(url("plan", plan)))
    assert "il ne change plus" in page and "Ajouter un objectif" not in page
    for name in ("objective_add", "plan_edit", "plan_review", "plan_comment"):
        assert alice.get(url(name, plan)).status_code == 403
    follow_up = text_of(alice.get(url("plan_follow_up", plan)))
    assert "Motif : Déménagement" in follow_up and "Commenter" not in follow_up


def test_who_does_not_read_the_plan_knows_of_none(
    client: Client, town: Town, rose: Person, plan: Plan
) -> None:
    sign_in(client, town.nina)
    assert client.get(url("plan", plan)).status_code == 200
    assert client.post(url("plan_comment", plan), {"text": "Non"}).status_code == 403
    assert "Ajouter un objectif" not in text_of(client.get(url("plan", plan)))
    sign_in(client, town.diane)
    assert client.get(url("plan", plan)).status_code == 404
    listed = client.get(reverse("record:plans", args=[rose.pk]))
    assert "Aucun plan" in text_of(listed)
    sign_in(client, town.basile)
    assert client.get(url("plan", plan)).status_code == 403
    sign_in(client, town.charlie)
    assert client.get(url("plan", plan)).status_code == 404


def test_each_page_costs_the_same_for_one_action_and_thirty(
    alice: Client, town: Town, rose: Person, plan: Plan, queries: BoundedQueries
) -> None:
    action = with_action(alice, plan)
    alice.post(url("plan_step", plan, "put_in_force"), {"seen_state": "draft"})
    pages = [
        reverse("record:plans", args=[rose.pk]),
        *(url(name, plan) for name in ("plan", "plan_board", "plan_calendar")),
        *(url(name, plan) for name in ("plan_follow_up", "plan_versions", "plan_edit")),
        url("plan_version", plan, 1),
        url("plan_compare", plan, 1, 0),
        url("plan_action", plan, action.pk),
        url("plan_action_edit", plan, action.pk),
    ]
    costs = []
    for page in pages:
        with queries(at_most=12) as seen:
            assert alice.get(page).status_code == 200
        costs.append(len(seen))
    actor = actor_of(town.alice)
    for number in range(5):
        objective = add_objective(
            actor, plan_id=plan.pk, draft=ObjectiveDraft(title=f"Objectif {number}")
        )
        for place in range(6):
            draft = ActionDraft(
                title=f"Action {place}",
                owner_id=actor.professional_id,
                due_on=actor.today + timedelta(days=place),
                needs=(action.pk,),
            )
            add_action(actor, plan_id=plan.pk, objective_id=objective.pk, draft=draft)
    for page, cost in zip(pages, costs, strict=True):
        with queries(at_most=cost):
            assert alice.get(page).status_code == 200
    assert Objective.objects.count() == 6


def test_what_is_to_do_is_told_to_who_has_to_do_it(
    alice: Client, town: Town, plan: Plan, queries: BoundedQueries
) -> None:
    owner = str(town.alice.professional_id)
    late = timezone.localdate() - timedelta(days=3)
    with_action(alice, plan, title="Sortir", owner_id=owner, due_on=late)
    assert "Actions à faire" not in text_of(alice.get("/"))
    alice.post(url("plan_step", plan, "put_in_force"), {"seen_state": "draft"})
    with queries(at_most=12):
        home = text_of(alice.get("/"))
    assert "Actions à faire" in home and f"depuis le {late:%d/%m/%Y}" in home
    for other in (town.denis, town.basile, town.charlie):
        sign_in(alice, other)
        assert "Actions à faire" not in text_of(alice.get("/"))
        assert "Rien à faire" in text_of(alice.get(reverse("record:own_actions")))


def test_all_that_is_to_do_is_listed(
    alice: Client, town: Town, rose: Person, plan: Plan, queries: BoundedQueries
) -> None:
    owner, today = str(town.alice.professional_id), timezone.localdate()
    with_action(alice, plan, title="Un jour", owner_id=owner)
    with_action(alice, plan, title="D’abord un jour", owner_id=owner, priority=1)
    with_action(alice, plan, title="De personne")
    for days in range(5):
        due_on = today - timedelta(days=days)
        with_action(alice, plan, title=f"Sortie {days}", owner_id=owner, due_on=due_on)
    alice.post(url("plan_step", plan, "put_in_force"), {"seen_state": "draft"})
    with queries(at_most=12):
        home = text_of(alice.get("/"))
    assert "Les 5 premières sur 7." in home and reverse("record:own_actions") in home
    with queries(at_most=10):
        page = alice.get(reverse("record:own_actions"))
    titles = [row.title for row in page.context["paging"].rows]
    late = [f"Sortie {days}" for days in (4, 3, 2, 1, 0)]
    assert titles == [*late, "D’abord un jour", "Un jour"]
    read = JournalEvent.objects.get(action="plan.own_actions")
    assert [line.subject_id for line in read.lines.all()] == [rose.subject_id]


def test_only_who_reads_the_volet_may_be_named(alice: Client, plan: Plan) -> None:
    with_action(alice, plan)
    add = url("plan_action_add", plan, plan.objectives.get().pk)
    choices = alice.get(add).context["form"].fields["owner_id"].choices
    offered = {name for _, name in choices}
    assert {"Alice Martel", "Aude Lenoir", "Denis Fabre"} <= offered
    assert "Sofia Costa" not in offered


def test_a_plan_is_answered_for_by_who_reads_it(alice: Client, town: Town, plan: Plan) -> None:
    assert "Responsable : Alice Martel" in text_of(alice.get(url("plan", plan)))
    edit = url("plan_edit", plan)
    form = alice.get(edit).context["form"]
    typed = {name: form[name].value() or "" for name in ("title", "starts_on", "version")}
    offered = {pk for pk, _ in form.fields["owner_id"].choices}
    assert str(town.sofia.professional_id) not in offered
    typed |= {"owner_id": str(town.denis.professional_id)}
    assert alice.post(edit, typed).status_code == 302
    assert "Responsable : Denis Fabre" in text_of(alice.get(url("plan", plan)))
    clash = alice.post(edit, typed | {"owner_id": str(town.aude.professional_id)})
    assert clash.status_code == 409
    assert "Responsable : Aude Lenoir" in words_of(clash)
    assert "Responsable : Denis Fabre" in words_of(clash)
