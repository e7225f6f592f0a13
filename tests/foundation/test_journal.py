"""The journal: no content without a line, no page without its lines, no write behind a GET."""

from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.utils import timezone

from tests.access.world import admit, note_by
from tests.factories.town import Town, actor_of, sign_in
from virage.directory.actions import create_operator
from virage.directory.models import Operator
from virage.directory.queries import system_membership
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.errors import Conflict
from virage.foundation.ids import new_id
from virage.foundation.journal.collector import collecting_reads, saw
from virage.foundation.journal.middleware import JournalReads, WriteWhileReading
from virage.foundation.journal.models import JournalEvent
from virage.foundation.journal.queries import accesses_to
from virage.foundation.journal.writing import record, telling_the_past
from virage.foundation.versions import meanwhile
from virage.persons.models import Person
from virage.record.actions import write_note
from virage.record.models import Note
from virage.record.rules import NoteDraft
from virage.record.views import notes

pytestmark = pytest.mark.django_db
View = Callable[[HttpRequest], HttpResponse]


@pytest.fixture
def alice(town: Town) -> Actor:
    return actor_of(town.alice, purpose="relève")


@pytest.fixture
def rose(town: Town) -> Person:
    return admit(actor_of(town.command_line), "Rose", town.unit_a)


def ask(view: View, method: str = "GET") -> HttpResponse:
    """Ask for a page through the journal's middleware alone."""
    return JournalReads(view)(RequestFactory().generic(method, "/"))


def showing(actor: Actor, *subject_ids: UUID) -> View:
    """Return a page that shows the care volet of these subjects."""

    def view(request: HttpRequest) -> HttpResponse:
        saw(actor, "note.list", subject_ids, [Volet.CARE])
        return HttpResponse("contenu")

    return view


def no_journal(*args: object, **kwargs: object) -> None:
    raise DatabaseError("the journal's table is full")


def test_content_is_never_read_where_nobody_writes_it_down(alice: Actor) -> None:
    with pytest.raises(RuntimeError, match="hors du journal"):
        saw(alice, "note.list", [new_id()])


def test_a_page_leaves_one_event_and_a_line_per_subject(alice: Actor, town: Town) -> None:
    first, second = new_id(), new_id()

    def view(request: HttpRequest) -> HttpResponse:
        saw(alice, "person.read", [first])
        saw(alice, "note.list", [first, second], [Volet.CARE])
        saw(alice, "event.list", [first], [Volet.PROJECT, Volet.CARE])
        return HttpResponse("contenu")

    assert ask(view).text == "contenu"
    event = JournalEvent.objects.get(is_write=False)
    assert (event.action, event.purpose) == ("event.list", "relève")
    assert (event.operator_id, event.establishment_id) == (town.operator.pk, town.ehpad.pk)
    assert (event.account_id, event.membership_id) == (alice.account_id, town.alice.pk)
    assert (event.actor_name, event.profession) == ("Alice Martel", "nurse")
    assert event.professional_id == town.alice.professional_id
    assert {line.subject_id: line.volets for line in event.lines.all()} == {
        first: "care,project",
        second: "care",
    }


def test_a_page_that_showed_nobody_leaves_nothing(alice: Actor) -> None:
    ask(showing(alice))
    assert not JournalEvent.objects.filter(is_write=False).exists()


def test_a_page_refused_once_the_record_was_opened_leaves_nothing(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.alice)
    refused = client.get(f"/usagers/{rose.pk}/transmissions/{new_id()}/")
    assert refused.status_code == 404
    assert "vasseur" not in refused.text.lower()
    assert not accesses_to(rose.subject_id).filter(event__is_write=False)


def test_a_closed_volet_names_the_person_and_leaves_its_line(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.aude)
    refused = client.get(f"/usagers/{rose.pk}/volets/psychologique/")
    assert refused.status_code == 403
    assert "Vasseur" in refused.text
    assert accesses_to(rose.subject_id).filter(event__is_write=False).count() == 1


def test_a_conflict_that_shows_what_was_read_leaves_its_line(
    client: Client, town: Town, rose: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    def meanwhile(*args: object, **kwargs: object) -> None:
        raise Conflict("Quelqu’un a écrit.", mine="calme", theirs="agité")

    monkeypatch.setattr(notes, "write_note", meanwhile)
    sign_in(client, town.alice)
    sent = {"volet": "care", "text": "calme", "happened_at": "2026-01-05T10:00"}
    page = client.post(f"/usagers/{rose.pk}/transmissions/", sent)
    assert (page.status_code, "agité" in page.text) == (409, True)
    assert accesses_to(rose.subject_id).filter(event__is_write=False).exists()


def test_one_reading_does_not_leak_into_the_next(alice: Actor) -> None:
    first, second = new_id(), new_id()
    with pytest.raises(ValueError, match="stopped"), collecting_reads():
        saw(alice, "note.list", [first])
        raise ValueError("stopped")
    ask(showing(alice, second))
    assert not accesses_to(first)
    assert [line.event.actor_name for line in accesses_to(second)] == ["Alice Martel"]


def test_a_page_does_not_leave_without_its_lines(
    client: Client, town: Town, rose: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in(client, town.alice)
    client.raise_request_exception = False
    assert "VASSEUR" in client.get(f"/usagers/{rose.pk}/").text
    monkeypatch.setattr(JournalEvent, "save", no_journal)
    page = client.get(f"/usagers/{rose.pk}/")
    assert page.status_code == 500
    assert "vasseur" not in page.text.lower()


def test_an_event_does_not_stand_without_its_lines(
    alice: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QuerySet, "bulk_create", no_journal)
    with pytest.raises(DatabaseError):
        ask(showing(alice, new_id()))
    assert not JournalEvent.objects.filter(action="note.list").exists()


def test_the_machine_s_clock_dates_the_journal(town: Town) -> None:
    """Rights are judged at the actor's instant; what is done is done now."""
    before = timezone.now()
    record(actor_of(town.alice, at=before - timedelta(hours=5)), "note.write", target=town.ehpad)
    event = JournalEvent.objects.get(action="note.write")
    assert event.at >= before
    assert (event.target_kind, event.target_id) == ("directory.establishment", town.ehpad.pk)


def test_a_past_that_was_told_dates_nothing_after_it() -> None:
    with telling_the_past():
        operator = create_operator(name="Fondation du Lac")
    before = timezone.now()
    record(actor_of(system_membership(operator), at=before - timedelta(hours=5)), "note.write")
    assert JournalEvent.objects.get(action="note.write").at >= before


def test_a_gesture_does_not_stand_without_its_line(
    town: Town, rose: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = NoteDraft(
        subject_id=rose.subject_id,
        volet=Volet.CARE,
        text="A bien dormi.",
        happened_at=datetime(2026, 3, 1, 7, tzinfo=UTC),
    )
    alice = actor_of(town.alice)
    write_note(alice, draft=draft)
    assert [line.volets for line in accesses_to(rose.subject_id)][0] == "care"
    monkeypatch.setattr(JournalEvent, "save", no_journal)
    with pytest.raises(DatabaseError):
        write_note(alice, draft=draft)
    assert Note.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_gesture_is_written_down_in_its_own_transaction(town: Town) -> None:
    with pytest.raises(RuntimeError, match="dans sa propre transaction"):
        record(actor_of(town.alice), "note.write")


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_page_that_is_only_read_cannot_write(alice: Actor, rose: Person, method: str) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        note_by(alice, rose).save()
        return HttpResponse()

    with pytest.raises(WriteWhileReading), transaction.atomic():
        ask(view, method)
    assert not Note.objects.exists()
    assert ask(view, "POST").status_code == 200
    assert Note.objects.count() == 1


@pytest.mark.parametrize(
    ("sql", "is_read"),
    [
        ("SELECT 1", True),
        ("SELECT 1 UNION SELECT 2", True),
        ("INSERT INTO directory_operator (id) VALUES (NULL)", False),
        ("UPDATE directory_operator SET name = 'x'", False),
        ("DELETE FROM directory_operator", False),
        ("WITH some AS (SELECT 1) DELETE FROM directory_operator", False),
        ("DROP TABLE directory_operator", False),
    ],
)
def test_what_counts_as_a_write(sql: str, is_read: bool) -> None:
    def view(request: HttpRequest) -> HttpResponse:
        with connection.cursor() as cursor:
            cursor.execute(sql)
        return HttpResponse()

    with nullcontext() if is_read else pytest.raises(WriteWhileReading):
        ask(view)


def test_a_union_is_a_read_on_every_database(alice: Actor) -> None:
    """PostgreSQL writes it with its parts in brackets."""
    names = Operator.objects.order_by().values_list("name")
    assert len(ask(lambda request: HttpResponse(names.union(names))).text) > 0


def test_a_write_unknown_to_the_journal_is_somebodys(db: None) -> None:
    said = meanwhile(new_id(), "a retiré cet élément", "pendant que vous le modifiiez")
    assert said == "Quelqu’un a retiré cet élément pendant que vous le modifiiez."
