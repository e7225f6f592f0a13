"""A long edition: made by the worker under the rights of the moment, once, kept a day."""

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from virage.directory.models import Membership
from virage.documents.actions import add_document
from virage.documents.models import Document
from virage.documents.queries import content_of
from virage.editions.actions import drop_fetched_files, edit, prepare_edition
from virage.editions.enums import FileFormat, Kind, PreparationState
from virage.editions.jobs import drop_abandoned
from virage.editions.models import Preparation
from virage.editions.rules import filing
from virage.editions.rules.templates import Wanted
from virage.foundation.access.models import MatrixVersion, Restriction
from virage.foundation.journal.models import JournalEvent
from virage.foundation.outbox.actions import drain
from virage.foundation.storage import files
from virage.persons.models import Person
from virage.record.actions import write_note
from virage.record.models import Note


@pytest.fixture(autouse=True)
def everything_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "LONGEST_AT_ONCE", 10)


def ask(who: Membership, person: Person, kind: Kind = Kind.NOTES, **given: bool) -> Preparation:
    wanted = Wanted(kind=kind, file_format=FileFormat.PDF, person_id=person.pk, **given)
    asked = edit(actor_of(who), wanted=wanted)
    assert isinstance(asked, Preparation)
    return asked


def events() -> int:
    return JournalEvent.objects.filter(action="edition.make").count()


@pytest.fixture
def asked(town: Town, rose: Person) -> Preparation:
    write_note(actor_of(town.alice), draft=drafts.note(rose))
    return ask(town.alice, rose)


def test_the_worker_makes_it_once(town: Town, asked: Preparation, client: Client) -> None:
    sign_in(client, town.alice)
    page = reverse("editions:prepared", args=[asked.pk])
    assert "Étape 1 sur 3" in client.get(page).content.decode()
    assert events() == 0
    drain()
    prepare_edition(asked.pk)
    assert events() == 1
    assert "le document est prêt" in client.get(page).content.decode()
    given = client.get(reverse("editions:prepared_file", args=[asked.pk]))
    assert given.content.startswith(b"%PDF-")
    assert given["Content-Disposition"].startswith("attachment")


def test_the_fragment_is_the_page_s_own(town: Town, asked: Preparation, client: Client) -> None:
    sign_in(client, town.alice)
    page = reverse("editions:prepared", args=[asked.pk])
    fragment = client.get(page, headers={"HX-Request": "true"}).content.decode()
    assert fragment.strip().partition("\n")[0] in client.get(page).content.decode()


def test_rights_are_those_of_the_moment(town: Town, rose: Person, asked: Preparation) -> None:
    Restriction.objects.create(subject=rose.subject, profession="nurse", reason="opposition")
    drain()
    asked.refresh_from_db()
    assert (asked.state, asked.file_address) == (PreparationState.REFUSED, "")
    assert "opposée" in asked.why_refused
    assert events() == 0


def test_a_situation_that_ended_makes_nothing(town: Town, asked: Preparation) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(pk=town.alice.pk).update(ends_on=yesterday)
    drain()
    asked.refresh_from_db()
    assert asked.state == PreparationState.REFUSED


def test_it_is_for_who_asked_while_he_reaches_the_person(
    town: Town, rose: Person, asked: Preparation, client: Client
) -> None:
    drain()
    addresses = [
        reverse(f"editions:{name}", args=[asked.pk]) for name in ("prepared", "prepared_file")
    ]
    for other in (town.aude, town.denis, town.charlie, town.tom):
        sign_in(client, other)
        assert {client.get(address).status_code for address in addresses} == {404}
    Restriction.objects.create(subject=rose.subject, profession="nurse", reason="opposition")
    sign_in(client, town.alice)
    assert {client.get(address).status_code for address in addresses} == {403}


def test_a_fetch_is_journalled_with_what_the_file_holds(
    town: Town, rose: Person, asked: Preparation, client: Client
) -> None:
    drain()
    sign_in(client, town.alice)
    client.get(reverse("editions:prepared_file", args=[asked.pk]))
    line = JournalEvent.objects.get(action="edition.fetch").lines.get()
    assert (line.subject_id, line.volets) == (rose.subject_id, "care")


@pytest.mark.parametrize("change", ["rights", "item"])
def test_it_is_not_given_once_something_was_closed(
    change: str, town: Town, rose: Person, asked: Preparation, client: Client
) -> None:
    drain()
    if change == "rights":
        MatrixVersion.objects.create(
            operator_id=town.operator.pk,
            number=1,
            cells={"nurse": {"care": ["none"]}},
            reason="Décidé",
            drafted_at=timezone.now(),
            activated_at=timezone.now(),
        )
    else:
        note = Note.objects.get()
        Restriction.objects.create(
            subject=rose.subject, item_id=note.pk, profession="nurse", reason="opposition"
        )
    sign_in(client, town.alice)
    page = client.get(reverse("editions:prepared", args=[asked.pk])).content.decode()
    assert "Éditez-le de nouveau" in page
    assert "Télécharger le document" not in page
    assert client.get(reverse("editions:prepared_file", args=[asked.pk])).status_code == 403
    assert not JournalEvent.objects.filter(action="edition.fetch").exists()
    again = ask(town.alice, rose)
    drain()
    assert client.get(reverse("editions:prepared_file", args=[again.pk])).status_code == 200


def test_a_long_sheet_is_filed_in_the_record(town: Town, rose: Person) -> None:
    asked = ask(town.sofia, rose, Kind.PERSON_SHEET, is_filed=True)
    drain()
    prepare_edition(asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.file_address) == (PreparationState.FILED, "")
    assert Document.objects.get().title.startswith("Fiche de la personne")


def test_the_file_goes_after_a_day(
    town: Town, asked: Preparation, client: Client, settings: Any
) -> None:
    drain()
    asked.refresh_from_db()
    drop_fetched_files()
    assert files.get(asked.file_address).startswith(b"%PDF-")
    two_days_go_by(settings)
    drop_fetched_files()
    with pytest.raises(FileNotFoundError):
        files.get(asked.file_address)
    sign_in(client, town.alice)
    page = client.get(reverse("editions:prepared", args=[asked.pk])).content.decode()
    assert "Document effacé" in page
    assert client.get(reverse("editions:prepared_file", args=[asked.pk])).status_code == 404


def test_one_fetched_and_added_to_a_record_stays_there(
    town: Town, rose: Person, asked: Preparation, settings: Any
) -> None:
    drain()
    asked.refresh_from_db()
    fetched = files.get(asked.file_address)
    draft = drafts.document(rose, content=fetched, content_type="application/pdf")
    document = add_document(actor_of(town.alice), draft=draft)
    two_days_go_by(settings)
    drop_fetched_files()
    assert content_of(document) == fetched


def test_what_a_killed_worker_left_goes_after_a_day_and_nothing_else(
    town: Town, asked: Preparation, settings: Any
) -> None:
    drain()
    asked.refresh_from_db()
    (named,) = stored(settings)
    files.put(b"%PDF- killed before its row", town.alice.operator_id)
    named.with_name("tmpabcdefgh").write_bytes(b"killed before its end")
    drop_abandoned({})
    assert len(stored(settings)) == 3
    for path in stored(settings):
        os.utime(path, (0, 0))
    drop_abandoned({})
    assert stored(settings) == [named]
    assert files.get(asked.file_address).startswith(b"%PDF-")


def stored(settings: Any) -> list[Path]:
    return [path for path in settings.FILES.rglob("*") if path.is_file()]


def two_days_go_by(settings: Any) -> None:
    for path in stored(settings):
        os.utime(path, (0, 0))
    Preparation.objects.update(ended_at=timezone.now() - timedelta(days=2))
