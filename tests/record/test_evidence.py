"""What an evaluation stands on: attached before it is finished, or after, and until when valid."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from tests.guards import BoundedQueries
from virage.documents.actions import add_document
from virage.documents.models import Document
from virage.instruments.actions import (
    Typed,
    answer_sheet,
    begin_sheet,
    finish_sheet,
    freeze_evaluations,
    take_in_sheet,
)
from virage.instruments.models import Evaluation, Sheet
from virage.instruments.rules.given import Given
from virage.instruments.rules.sheet import SheetDraft
from virage.instruments.rules.shipped import in_force
from virage.persons.models import Person

NORTON = {
    name: Given(value)
    for name, value in {
        "physical": "good",
        "mental": "alert",
        "activity": "walks",
        "mobility": "full",
        "incontinence": "none",
    }.items()
}
LACKS = "La feuille remplie n’est pas jointe"


@pytest.fixture
def sheet(town: Town, rose: Person) -> Sheet:
    """Return a total-only scale that Alice has begun."""
    tinetti = in_force("tinetti", date(2026, 6, 1))
    assert tinetti is not None and tinetti.is_total_only
    draft = SheetDraft(
        subject_id=rose.subject_id, instrument=tinetti, happened_at=drafts.moments_ago()
    )
    return begin_sheet(actor_of(town.alice), draft=draft)


@pytest.fixture
def evaluation(town: Town, rose: Person) -> Evaluation:
    return freeze_evaluations(actor_of(town.alice), drafts=[drafts.evaluation(rose)])[0]


def attach(client: Client, url: str, **typed: Any) -> Any:
    file = SimpleUploadedFile("feuille.pdf", b"%PDF-1.4 feuille")
    fields = {"title": "Feuille", "made_on": "2026-01-05", "content": file}
    return client.post(url, fields | typed)


def text_of(page: Any) -> str:
    return " ".join(page.content.decode().replace("\u00a0", " ").split())


def test_a_sheet_keeps_its_proof_once_finished(
    client: Client, town: Town, rose: Person, sheet: Sheet, queries: BoundedQueries
) -> None:
    sign_in(client, town.alice)
    page = reverse("record:sheet", args=[rose.pk, sheet.pk])
    assert LACKS in text_of(client.get(page))
    answer = attach(client, reverse("record:sheet_attach", args=[rose.pk, sheet.pk]))
    assert answer.url == page
    with queries(at_most=12):
        shown = text_of(client.get(page))
    assert LACKS not in shown and "Feuille" in shown
    alice = actor_of(town.alice)
    (total,) = (item for item in in_force("tinetti", date(2026, 6, 1)).items.values())  # type: ignore[union-attr]
    answer_sheet(alice, sheet_id=sheet.pk, typed=Typed(0, {total.id: Given(total.at_most)}))
    evaluation = finish_sheet(alice, sheet_id=sheet.pk)
    assert Document.objects.get().evaluation_id == evaluation.pk
    found = client.get(reverse("record:evaluation", args=[rose.pk, evaluation.pk]))
    assert [row.document.title for row in found.context["shown"].documents] == ["Feuille"]


def test_the_evaluation_says_when_its_proof_is_past(
    client: Client, town: Town, rose: Person, evaluation: Evaluation
) -> None:
    sign_in(client, town.alice)
    today = timezone.localdate()
    url = reverse("record:evaluation_attach", args=[rose.pk, evaluation.pk])
    page = reverse("record:evaluation", args=[rose.pk, evaluation.pk])
    assert attach(client, url, valid_until=f"{today}").status_code == 302
    shown = text_of(client.get(page))
    assert f"Valable jusqu’au {today:%d/%m/%Y}" in shown and "n’est plus valable" not in shown
    yesterday = today - timedelta(days=1)
    Document.objects.update(valid_until=yesterday)
    shown = text_of(client.get(page))
    assert "Un document joint n’est plus valable" in shown
    assert f"Périmé : valable jusqu’au {yesterday:%d/%m/%Y}" in shown
    document = Document.objects.get()
    replaced = reverse("record:document_replace", args=[rose.pk, document.pk])
    file = SimpleUploadedFile("neuf.pdf", b"%PDF-1.4 neuf")
    typed = {"made_on": f"{today}", "reason": "Renouvelé", "version": 1, "content": file}
    assert client.post(replaced, typed | {"valid_until": f"{today}"}).status_code == 302
    assert "n’est plus valable" not in text_of(client.get(page))


def test_past_evidence_is_told_wherever_the_result_is(
    client: Client, town: Town, rose: Person, queries: BoundedQueries
) -> None:
    alice, norton = actor_of(town.alice), in_force("norton", timezone.localdate())
    assert norton
    draft = SheetDraft(
        subject_id=rose.subject_id, instrument=norton, happened_at=drafts.moments_ago()
    )
    first, second = (take_in_sheet(alice, draft=draft, answers=NORTON) for _ in range(2))
    (received,) = freeze_evaluations(alice, drafts=[drafts.evaluation(rose)])
    yesterday, day = timezone.localdate() - timedelta(days=1), timezone.localdate()
    for one in (first, second, received):
        document = drafts.document(rose, evaluation_id=one.pk, valid_until=yesterday)
        add_document(alice, draft=document)
    sign_in(client, town.alice)
    pages = {
        "evaluations": ([], 2),  # the latest of each instrument, and what was received
        "evolution": ([first.pk], 2),
        "evaluation_comparison": ([first.pk, second.pk], 2),
    }
    for name, (places, count) in pages.items():
        url = reverse(f"record:{name}", args=[rose.pk, *places])
        Document.objects.update(valid_until=yesterday)
        with queries(at_most=12):
            shown = text_of(client.get(url))
        assert shown.count(f'valable jusqu’au <time datetime="{yesterday}">') == count, name
        Document.objects.update(valid_until=day)
        assert "valable jusqu’au" not in text_of(client.get(url)), name


def test_a_validity_does_not_end_before_it_begins(
    client: Client, town: Town, rose: Person, evaluation: Evaluation
) -> None:
    sign_in(client, town.alice)
    url = reverse("record:evaluation_attach", args=[rose.pk, evaluation.pk])
    refused = attach(client, url, valid_until="2026-01-04")
    assert refused.status_code == 422
    assert "valid_until" in refused.context["form"].errors
    assert not Document.objects.exists()


def test_who_does_not_write_the_volet_attaches_nothing(
    client: Client, town: Town, rose: Person, sheet: Sheet, evaluation: Evaluation
) -> None:
    for member, status in ((town.nina, 403), (town.diane, 404), (town.charlie, 404)):
        sign_in(client, member)
        for name, item in (("sheet", sheet), ("evaluation", evaluation)):
            url = reverse(f"record:{name}_attach", args=[rose.pk, item.pk])
            assert client.get(url).status_code == status, (member, name)
            assert attach(client, url).status_code == status
    assert not Document.objects.exists()
