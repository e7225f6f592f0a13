"""The versions of a plan: frozen, signed, compared, given as a workbook."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.utils import timezone
from odf.opendocument import load
from odf.table import TableCell
from odf.teletype import extractText
from openpyxl import load_workbook

from tests.factories.town import Town, actor_of, sign_in
from tests.record.plan_pages import begun, text_of, url, with_action, words_of
from virage.foundation.journal.models import JournalEvent
from virage.persons.models import Person
from virage.plans.actions.parts import step_action
from virage.plans.models import Plan, PlannedAction

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(client: Client, town: Town) -> Client:
    sign_in(client, town.alice)
    return client


@pytest.fixture
def plan(alice: Client, rose: Person) -> Plan:
    return begun(alice, rose)


def test_reviewed_signed_and_compared(alice: Client, plan: Plan) -> None:
    action = with_action(alice, plan)
    alice.post(url("plan_step", plan, "put_in_force"), {"seen_state": "draft"})
    today = timezone.localdate()
    finish = url("plan_action_step", plan, action.pk, "finish")
    assert finish in text_of(alice.get(url("plan_board", plan)))
    assert alice.get(finish).context["form"]["done_on"].value() == today
    answer = alice.post(finish, {"seen_state": "todo", "done_on": today - timedelta(days=2)})
    assert f"{today - timedelta(days=2):%Y-%m-%d}" in text_of(alice.get(answer.url))
    typed = {"held_on": today, "synthesis": "Elle sort seule.", "next_on": ""}
    assert alice.post(url("plan_review", plan), typed).status_code == 302
    assert "Elle sort seule." in text_of(alice.get(url("plan_versions", plan)))
    compared = text_of(alice.get(url("plan_compare", plan, 1, 2)))
    assert "Faite" in compared and "Version 2" in compared
    assert "Rien n’a changé" in text_of(alice.get(url("plan_compare", plan, 2, 0)))
    signed = {"name": "Rose Lambert", "capacity": "person", "agreement": "refused"}
    signed |= {"signed_on": today}
    assert alice.post(url("plan_sign", plan, 2), signed).status_code == 422
    answer = alice.post(url("plan_sign", plan, 2), signed | {"reason": "Veut sortir davantage"})
    page = text_of(alice.get(answer.url))
    assert "Veut sortir davantage" in page and "n’est plus celle" not in page
    plan.versions.filter(number=2).update(content={"title": "Autre", "starts_on": "2026-01-01"})
    assert "n’est plus celle qui a été figée" in text_of(alice.get(answer.url))
    assert alice.get(url("plan_version", plan, 9)).status_code == 404
    assert alice.get(url("plan_compare", plan, 1, 9)).status_code == 404


def test_the_same_review_is_frozen_once(alice: Client, town: Town, plan: Plan) -> None:
    with_action(alice, plan)
    typed = {"seen_state": "draft", "seen_number": 0}
    assert alice.post(url("plan_step", plan, "put_in_force"), typed).status_code == 302
    opened = alice.get(url("plan_review", plan)).context["form"]
    typed = {"held_on": timezone.localdate(), "synthesis": "Elle sort seule.", "next_on": ""}
    typed |= {"seen_number": opened["seen_number"].value()}
    sign_in(alice, town.aude)
    assert alice.post(url("plan_review", plan), typed).status_code == 302
    sign_in(alice, town.alice)
    clash = alice.post(url("plan_review", plan), typed | {"synthesis": "Elle marche."})
    assert clash.status_code == 409
    assert "Aude Lenoir est passé avant vous" in text_of(clash) and "Elle marche." in text_of(clash)
    step = url("plan_step", plan, "put_in_force")
    again = {"seen_state": "in_force", "seen_number": 1}
    assert alice.post(step, again).status_code == 409
    assert plan.versions.count() == 2


def test_the_last_word_of_each_is_in_force(alice: Client, plan: Plan) -> None:
    with_action(alice, plan)
    alice.post(url("plan_step", plan, "put_in_force"), {"seen_state": "draft"})
    assert "Version 1 , figée" in words_of(alice.get(url("plan", plan)))
    signed = {"name": "Rose Lambert", "capacity": "person", "signed_on": timezone.localdate()}
    refused = {"agreement": "refused", "reason": "Trop tôt"}
    sign = url("plan_sign", plan, 1)
    alice.post(sign, signed | refused)
    alice.post(sign, signed | refused | {"name": "Paul Lambert", "capacity": "representative"})
    answer = alice.post(sign, signed | {"name": "rose lambert", "agreement": "agreed"})
    page = text_of(alice.get(answer.url))
    assert page.count("Remplacé par un avis noté ensuite") == 1
    entries = alice.get(url("plan_follow_up", plan)).context["entries"]
    told = [(one.title.replace("\u00a0", " "), one.about) for one in entries]
    assert told == [
        ("Avis : accord", "rose lambert"),
        ("Avis : refus", "Paul Lambert"),
        ("Avis : refus", "Rose Lambert"),
        ("Mettre en vigueur", "Le plan"),
        ("Action ajoutée", "Marcher"),
        ("Objectif ajouté", "Marcher dehors"),
        ("Plan commencé", "Le plan"),
    ]
    for name in ("plan_versions", "plan"):
        assert "1 accord, 1 refus." in text_of(alice.get(url(name, plan)))
    assert "a changé depuis" not in text_of(alice.get(url("plan", plan)))
    with_action(alice, plan, title="Sortir")
    assert "a changé depuis" in text_of(alice.get(url("plan", plan)))


@pytest.mark.parametrize("file_format", ["xlsx", "ods"])
def test_a_plan_is_exported_by_who_may(
    client: Client, town: Town, plan: Plan, file_format: str
) -> None:
    with_action(client, plan, title="=Sortir")
    action = PlannedAction.objects.get()
    step_action(actor_of(town.alice), plan_id=plan.pk, action_id=action.pk, verb="finish")
    path = url("plan_file", plan, file_format)
    assert client.get(path).status_code == 403
    assert "Exporter" not in text_of(client.get(url("plan", plan)))
    sign_in(client, town.denis)
    assert "Exporter" in text_of(client.get(url("plan", plan)))
    answer = client.get(path)
    assert answer.status_code == 200 and answer.content[:2] == b"PK"
    assert f"plan-{timezone.localdate():%Y%m%d}.{file_format}" in answer["Content-Disposition"]
    assert JournalEvent.objects.filter(action="plan.export").count() == 1
    if file_format == "xlsx":
        book = load_workbook(BytesIO(answer.content))
        headings, row = book["Actions"].values
        told = dict(zip(headings, row, strict=True))
        assert told["Avancement (%)"] == 100 and told["Priorité"] == "3 · courante"
        assert told["Terminée le"].date() == timezone.localdate()
        said = dict(book.worksheets[0].values)
        assert (said["Titre"], said["Volet"]) == ("Retrouver le jardin", "Soins")
        assert said["Responsable"] == "Alice Martel"
        assert said["Exporté le"].date() == timezone.localdate()
    else:
        cells = load(BytesIO(answer.content)).getElementsByType(TableCell)
        assert "'=Sortir" in {extractText(one) for one in cells}
        assert not [one for one in cells if one.getAttribute("formula")]
        days = {one.getAttribute("datevalue") for one in cells}
        assert timezone.localdate().isoformat() in days
    assert client.get(url("plan_file", plan, "csv")).status_code == 404
