"""New versions of a document, and documents taken back from the wrong record."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, sign_in
from virage.documents import actions
from virage.documents.actions import add_document, cancel_document, note_verdict, replace_document
from virage.documents.models import Document, DocumentVersion
from virage.documents.queries import (
    cancelled_of,
    content_of,
    documents_of,
    files_to_scan,
    find_document,
    find_version,
)
from virage.foundation.access.enums import Volet
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.models import JournalEvent
from virage.foundation.storage.antivirus import Verdict
from virage.persons.models import Person

FIRST, SECOND = b"%PDF-1.4 premier", b"%PDF-1.4 second"


@pytest.fixture
def rose(town: Town) -> Person:
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a)


@pytest.fixture
def odile(town: Town) -> Person:
    return welcome(town, "Odile Petit", town.ehpad, town.unit_a)


@pytest.fixture
def letter(town: Town, rose: Person) -> Document:
    return add_document(actor_of(town.alice), draft=drafts.document(rose, content=FIRST))


def test_a_new_version_is_shown_and_the_former_stays(
    town: Town, rose: Person, letter: Document
) -> None:
    alice = actor_of(town.alice)
    draft = drafts.version(SECOND)
    replace_document(alice, document=letter, expected_version=1, draft=draft)
    shown = find_document(alice, rose.subject_id, letter.pk)
    assert (content_of(shown), shown.version) == (SECOND, 2)
    former = find_version(shown, 1)
    assert content_of(former) == FIRST
    assert (former.replaced_by_name, former.reason) == ("Alice Martel", "signé")
    event = JournalEvent.objects.get(action="document.replace")
    assert str(event.target_id) == str(letter.pk)
    with pytest.raises(Refused):
        find_version(shown, 2)


@pytest.mark.parametrize(
    ("changes", "expected", "field"),
    [
        ({"content": b"MZ"}, 1, "content"),
        ({"content": FIRST}, 1, "content"),
        ({"reason": " "}, 1, "reason"),
        ({"happened_at": drafts.moments_ago(-1)}, 1, "made_on"),
        ({}, 2, ""),
    ],
    ids=["program", "same", "reason", "future", "meanwhile"],
)
def test_a_version_that_does_not_hold_is_invalid(
    changes: dict[str, object], expected: int, field: str, town: Town, letter: Document
) -> None:
    draft = drafts.version(**{"content": SECOND} | changes)
    with pytest.raises(Invalid) as invalid:
        replace_document(
            actor_of(town.alice), document=letter, expected_version=expected, draft=draft
        )
    assert list(invalid.value.errors) == [field]
    assert not DocumentVersion.objects.exists()


def test_an_infected_version_is_kept_nowhere_and_journalled(
    town: Town, letter: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Verdict(threat="Eicar", signatures="1")
    monkeypatch.setattr(actions.antivirus, "verdict_on", lambda _content: found)
    with pytest.raises(Invalid):
        replace_document(
            actor_of(town.alice), document=letter, expected_version=1, draft=drafts.version()
        )
    assert JournalEvent.objects.filter(action="document.refused").exists()
    assert not DocumentVersion.objects.exists()


def test_a_verdict_falls_on_the_file_that_was_looked_at(town: Town, letter: Document) -> None:
    alice = actor_of(town.alice)
    looked_at = Document.objects.get()
    replace_document(alice, document=letter, expected_version=1, draft=drafts.version())
    note_verdict(alice, file=looked_at, verdict=Verdict(threat="Eicar", signatures="1"))
    assert Document.objects.get().scanned_at is None
    waiting = files_to_scan(alice.at, 10)
    assert [type(one) for one in waiting] == [Document, DocumentVersion]
    note_verdict(alice, file=waiting[1], verdict=Verdict(threat="Eicar", signatures="1"))
    with pytest.raises(Refused):
        content_of(find_version(letter, 1))


def test_an_infected_file_is_not_offered(
    town: Town, rose: Person, letter: Document, client: Client
) -> None:
    alice = actor_of(town.alice)
    replace_document(alice, document=letter, expected_version=1, draft=drafts.version(SECOND))
    pages = [
        reverse("record:documents", args=[rose.pk]),
        reverse("record:document_page", args=[rose.pk, letter.pk]),
    ]
    file, former = (
        reverse("record:document", args=[rose.pk, letter.pk]),
        reverse("record:document_version", args=[rose.pk, letter.pk, 1]),
    )
    sign_in(client, town.alice)
    assert all(f'href="{file}"' in client.get(page).text for page in pages)
    assert f'href="{former}"' in client.get(pages[1]).text
    worm = Verdict(threat="Eicar", signatures="1")
    for kept in (Document.objects.get(), DocumentVersion.objects.get()):
        note_verdict(alice, file=kept, verdict=worm)
    for page in pages:
        shown = client.get(page).text
        assert f'href="{file}"' not in shown
        assert f'href="{former}"' not in shown
        assert "Infecté" in shown


def test_who_does_not_write_in_the_volet_replaces_nothing(town: Town, rose: Person) -> None:
    ehpad = {"establishment_id": town.ehpad.pk, "volet": Volet.MEDICAL}
    report = add_document(actor_of(town.command_line), draft=drafts.document(rose, **ehpad))
    with pytest.raises(Refused) as refused:
        replace_document(
            actor_of(town.alice), document=report, expected_version=1, draft=drafts.version()
        )
    assert refused.value.condition == "matrix"


def test_taken_back_it_is_told_to_its_author_alone(
    town: Town, rose: Person, letter: Document
) -> None:
    alice, aude = actor_of(town.alice), actor_of(town.aude)
    assert documents_of(aude, rose.subject_id).exists()
    with pytest.raises(Refused) as refused:
        cancel_document(aude, document_id=letter.pk, expected_version=1, reason="erreur")
    assert refused.value.condition == "author"
    cancel_document(alice, document_id=letter.pk, expected_version=1, reason="erreur")
    for who in (alice, aude):
        assert not documents_of(who, rose.subject_id).exists()
    assert cancelled_of(alice, rose.subject_id).get().cancelled_reason == "erreur"
    assert content_of(find_document(alice, rose.subject_id, letter.pk)) == FIRST
    assert not cancelled_of(aude, rose.subject_id).exists()
    with pytest.raises(Refused) as refused:
        find_document(aude, rose.subject_id, letter.pk)
    assert refused.value.is_hidden
    with pytest.raises(Refused):
        replace_document(alice, document=letter, expected_version=1, draft=drafts.version())


def test_who_validates_the_volet_takes_back_what_another_wrote(town: Town, rose: Person) -> None:
    ehpad = {"establishment_id": town.ehpad.pk, "volet": Volet.MEDICAL}
    report = add_document(actor_of(town.command_line), draft=drafts.document(rose, **ehpad))
    cancel_document(
        actor_of(town.denis), document_id=report.pk, expected_version=1, reason="erreur"
    )
    assert cancelled_of(actor_of(town.denis), rose.subject_id).exists()


def test_it_goes_to_the_right_record_and_neither_journal_names_the_other(
    town: Town, rose: Person, odile: Person, letter: Document
) -> None:
    alice = actor_of(town.alice)
    filed = cancel_document(
        alice,
        document_id=letter.pk,
        expected_version=1,
        reason="erreur",
        right_subject_id=odile.subject_id,
    )
    found = documents_of(alice, odile.subject_id).get()
    assert found == filed
    assert (content_of(found), found.author_name) == (FIRST, "Alice Martel")
    for action, person, other in (
        ("document.cancel", rose, odile),
        ("document.refile", odile, rose),
    ):
        event = JournalEvent.objects.get(action=action)
        lines = list(event.lines.values())
        assert [one["subject_id"] for one in lines] == [person.subject_id]
        told = f"{vars(event)} {lines}"
        for secret in (other.pk, other.subject_id, other.display_name):
            assert str(secret) not in told


def test_without_a_right_there_nothing_moves(town: Town, letter: Document) -> None:
    elsewhere = welcome(town, "Paul Roux", town.ehpad, town.unit_b)
    alice = actor_of(town.alice)
    for reason, subject_id in (("erreur", elsewhere.subject_id), ("erreur", letter.subject_id)):
        with pytest.raises((Refused, Invalid)):
            cancel_document(
                alice,
                document_id=letter.pk,
                expected_version=1,
                reason=reason,
                right_subject_id=subject_id,
            )
    with pytest.raises(Invalid):
        cancel_document(alice, document_id=letter.pk, expected_version=1, reason=" ")
    assert Document.objects.get().cancelled_at is None


def test_a_version_not_seen_goes_to_no_other_record(
    town: Town, rose: Person, odile: Person, letter: Document, client: Client
) -> None:
    page = reverse("record:document_cancel", args=[rose.pk, letter.pk])
    sign_in(client, town.alice)
    seen = client.get(page).context["form"]["version"].value()
    aude = actor_of(town.aude)
    replace_document(aude, document=letter, expected_version=1, draft=drafts.version(SECOND))
    typed = {"reason": "erreur", "named": "Petit", "right": odile.pk, "version": seen}
    answer = client.post(page, typed)
    assert "Une autre version a été déposée entre-temps" in answer.content.decode()
    assert not Document.objects.filter(subject=odile.subject_id).exists()
    assert Document.objects.get().cancelled_at is None
