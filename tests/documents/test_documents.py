"""Adding documents, and who finds them."""

import pytest

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from tests.guards import BoundedQueries
from virage.documents.actions import add_document, add_documents
from virage.documents.enums import Confidentiality
from virage.documents.models import Document
from virage.documents.queries import content_of, documents_of, find_document
from virage.documents.rules import MAX_BYTES
from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import Origin
from virage.foundation.errors import Invalid, Refused
from virage.persons.models import Person


@pytest.fixture
def rose(town: Town) -> Person:
    """Return someone of Alice's unit."""
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a)


def test_a_document_keeps_its_bytes_and_its_author(town: Town, rose: Person) -> None:
    draft = drafts.document(rose)
    document = add_document(actor_of(town.alice), draft=draft)
    found = find_document(actor_of(town.alice), rose.subject_id, document.pk)
    assert content_of(found) == draft.content
    assert (found.size_bytes, found.author_name) == (len(draft.content), "Alice Martel")


def test_many_documents_cost_what_one_does(
    town: Town, rose: Person, queries: BoundedQueries
) -> None:
    alice, costs = actor_of(town.alice), []
    for count in (1, 20):
        with queries(at_most=4) as seen:
            add_documents(alice, drafts=[drafts.document(rose) for _ in range(count)])
        costs.append(len(seen))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": " "}, "title"),
        ({"content": b""}, "content"),
        ({"content": b"%PDF-" + b"0" * MAX_BYTES}, "content"),
        ({"content_type": "text/html"}, "content"),
        ({"content": b"MZ"}, "content"),
        ({"content_type": "application/xml", "content": b"<a/>"}, "content"),
        ({"happened_at": drafts.moments_ago(-1)}, "happened_at"),
    ],
    ids=["title", "empty", "heavy", "page", "program", "xml", "future"],
)
def test_what_does_not_hold_is_invalid(
    changes: dict[str, object], field: str, town: Town, rose: Person
) -> None:
    with pytest.raises(Invalid) as invalid:
        add_document(actor_of(town.alice), draft=drafts.document(rose, **changes))
    assert list(invalid.value.errors) == [field]


def test_adding_is_refused(town: Town, rose: Person) -> None:
    for who, volet, condition in (
        (town.alice, Volet.MEDICAL, "matrix"),
        (town.basile, Volet.CARE, "care_team"),
        (town.charlie, Volet.CARE, "hidden"),
    ):
        with pytest.raises(Refused) as refused:
            add_document(actor_of(who), draft=drafts.document(rose, volet=volet))
        assert refused.value.condition == condition
    assert not Document.objects.exists()


def test_what_is_received_is_kept_whatever_it_is(town: Town, rose: Person) -> None:
    origin = Origin(establishment_id=town.ehpad.pk)
    odd = {"content": b"", "content_type": "application/x-odd", "origin": origin}
    document = add_document(actor_of(town.sofia), draft=drafts.document(rose, **odd))
    assert content_of(document) == b""


def test_confidentiality_narrows_the_readers(town: Town, rose: Person) -> None:
    ehpad, medical = {"establishment_id": town.ehpad.pk}, {"volet": Volet.MEDICAL}
    for level in Confidentiality:
        draft = drafts.document(rose, confidentiality=level, **ehpad, **medical)
        add_document(actor_of(town.command_line), draft=draft)
    for who, count in ((town.command_line, 3), (town.denis, 2), (town.alice, 1), (town.aude, 0)):
        assert documents_of(actor_of(who), rose.subject_id).count() == count


def test_what_the_actor_does_not_read_does_not_exist(town: Town, rose: Person) -> None:
    document = add_document(actor_of(town.alice), draft=drafts.document(rose))
    for who in (town.basile, town.sofia, town.charlie):
        with pytest.raises(Refused) as refused:
            find_document(actor_of(who), rose.subject_id, document.pk)
        assert refused.value.is_hidden


def test_altered_bytes_are_not_given(town: Town, rose: Person, settings: object) -> None:
    document = add_document(actor_of(town.alice), draft=drafts.document(rose))
    path = settings.FILES / document.digest[:2] / document.digest[2:4] / document.digest
    path.write_bytes(b"autre chose")
    with pytest.raises(ValueError, match="altéré"):
        content_of(document)
