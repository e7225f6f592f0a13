"""The screens of editing: wiring, refusals on the form, never inline."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from virage.documents.models import Document
from virage.persons.models import Person
from virage.record.actions import write_note


def address(rose: Person, slug: str) -> str:
    return reverse("editions:person", args=[rose.pk, slug])


def test_the_choice_leaves_out_what_is_closed(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.aude)
    page = client.get(reverse("editions:choice", args=[rose.pk])).content.decode()
    assert "Recueil des transmissions" in page
    assert "Qui a vu mon dossier" not in page
    assert client.get(address(rose, "qui-a-vu")).status_code == 403
    assert client.get(address(rose, "autre")).status_code == 404


def test_an_edition_is_downloaded_never_shown(client: Client, town: Town, rose: Person) -> None:
    write_note(actor_of(town.alice), draft=drafts.note(rose))
    sign_in(client, town.alice)
    today = timezone.localdate()
    typed = {"since": today - timedelta(days=7), "until": today, "file_format": "odt"}
    answer = client.post(address(rose, "transmissions"), typed)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/vnd.oasis.opendocument.text"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("days", "message"),
    [((0, -3), "La période finit avant de commencer."), ((2, 5), "Cette période est à venir")],
)
def test_a_period_that_does_not_hold_is_told_and_kept(
    days: tuple[int, int], message: str, client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.alice)
    since, until = (timezone.localdate() + timedelta(days=one) for one in days)
    typed = {"since": since, "until": until, "file_format": "docx"}
    answer = client.post(address(rose, "transmissions"), typed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    assert f'value="{since}"' in page


def test_filing_is_offered_to_who_writes_the_volet(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.alice)
    assert "is_filed" not in client.get(address(rose, "fiche")).content.decode()
    sign_in(client, town.sofia)
    assert "is_filed" in client.get(address(rose, "fiche")).content.decode()
    answer = client.post(address(rose, "fiche"), {"file_format": "pdf", "is_filed": "on"})
    assert answer.status_code == 302
    assert Document.objects.get().title.startswith("Fiche de la personne")


def test_the_list_of_another_unit_is_not_to_be_asked_for(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.alice)
    url = reverse("editions:present_list")
    refused = client.post(url, {"unit": town.unit_b.pk, "file_format": "pdf"})
    assert refused.status_code == 422
    given = client.post(url, {"unit": town.unit_a.pk, "file_format": "pdf"})
    assert given.content.startswith(b"%PDF-")
