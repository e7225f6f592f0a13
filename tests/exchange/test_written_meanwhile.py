"""What a colleague enters while a record goes out, or is compared with a file, upsets neither."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model

from tests.exchange.samples import file_of, receive
from tests.factories.town import Town, actor_of
from tests.formats.full_record import full_record
from tests.guards import BoundedQueries
from virage.agenda.models import Event, Participation
from virage.documents.models import Document
from virage.exchange import actions
from virage.exchange.models import ReceivedItem
from virage.exchange.queries.held import held_again
from virage.exchange.queries.reading import read_file
from virage.formats.tddui.complement import items_of
from virage.formats.tddui.record import TransferRecord
from virage.foundation.ids import new_id
from virage.foundation.journal.collector import collecting_reads
from virage.instruments.models import Evaluation
from virage.persons.models import Contact, Coverage, LegalProtection, Person, Stay
from virage.record.models import Note

LISTED: dict[type[Model], str] = {
    Stay: "stays",
    Event: "events",
    Evaluation: "evaluations",
    Document: "documents",
    Note: "notes",
    ReceivedItem: "leftovers",
    Contact: "contacts",
    LegalProtection: "protections",
    Coverage: "coverages",
}
SURROUNDINGS = (Contact, LegalProtection, Coverage)


@pytest.fixture
def held(town: Town) -> Person:
    """Someone of whom everything is held."""
    receive(actor_of(town.command_line), file_of(full_record()), establishment=town.ehpad)
    return Person.objects.get()


@contextmanager
def colleague_entering(model: type[Model]) -> Iterator[None]:
    """Before each statement of a block, enter one more row like the first of a model."""
    is_entering = False

    def enter(execute: Any, *statement: Any) -> Any:
        nonlocal is_entering
        if not is_entering:
            is_entering = True
            _enter_again(model)
            is_entering = False
        return execute(*statement)

    with connection.execute_wrapper(enter):
        yield


def _enter_again(model: type[Model]) -> None:
    row: Any = model._default_manager.order_by("pk").first()
    first_id = row.pk
    if isinstance(row, LegalProtection):
        row.holder = Contact.objects.create(person=row.person, family_name="Nouvelle")
    row.pk, row.received_identifier = new_id(), ""
    if isinstance(row, ReceivedItem):
        row.key, row.kind = row.pk.urn, "words"
    row.save(force_insert=True)
    if isinstance(row, Event):
        taken = Participation.objects.get(event_id=first_id, subject__isnull=False)
        Participation.objects.create(event=row, subject=taken.subject)


def sent_by(town: Town, person: Person) -> TransferRecord:
    with collecting_reads():
        content = actions.export_record(actor_of(town.gaspard), person_id=person.pk)
    return read_file(content).record


def names_in(sent: TransferRecord) -> set[str]:
    """Return the keys by which the objects of a record name one another."""
    links = ("stay", "event", "evaluation", "holder")
    return {getattr(item, link, "") for item in items_of(sent) for link in links} - {""}


@pytest.mark.parametrize("model", LISTED, ids=LISTED.values())
def test_an_export_goes_out_and_names_nothing_that_it_lacks(
    town: Town, held: Person, model: type[Model]
) -> None:
    with colleague_entering(model):
        sent = sent_by(town, held)
    assert 1 < len(getattr(sent, LISTED[model])) < model._default_manager.count()
    keys = [item.key for item in items_of(sent)]
    assert len(keys) == len(set(keys))
    assert names_in(sent) <= set(keys)


def test_an_export_reads_each_kind_once(town: Town, held: Person, queries: BoundedQueries) -> None:
    with queries(at_most=29) as seen:
        sent_by(town, held)
    for model in LISTED.keys() - {Stay}:  # the first stay says who sends
        reads = f'SELECT "{model._meta.db_table}".'
        assert len([sql for sql in seen if sql.startswith(reads)]) == 1


@pytest.mark.parametrize("model", SURROUNDINGS)
def test_what_comes_again_is_compared_with_what_was_held(held: Person, model: type[Model]) -> None:
    ids = [row.pk for one in SURROUNDINGS for row in one._default_manager.all()]
    with colleague_entering(model):
        compared = held_again(held, ids, {})
    assert compared.keys() >= set(ids)
