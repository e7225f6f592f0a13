"""A record that is closed, or another unit's, is opened by no file, no list and no original."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.exchange.samples import file_of, identifier, person, receive, record, stay
from tests.factories.town import Town, actor_of, hire, sign_in
from virage.directory.models import Membership
from virage.exchange.actions import settle_identity
from virage.exchange.enums import ImportState
from virage.foundation.errors import Invalid, Refused
from virage.persons.actions import mark_sensitive, raise_restriction
from virage.persons.models import Person, Stay
from virage.record.models import Note


@pytest.fixture
def chief(town: Town) -> Membership:
    """A head of service of one unit of the EHPAD."""
    return hire(
        actor_of(town.command_line), "Chloé Le Bras", "director", town.ehpad, units=[town.unit_a]
    )


@pytest.fixture
def odette(town: Town) -> Person:
    upstairs = replace(stay(), unit_name="Premier étage", room_name="")
    sample = record(stays=[upstairs])
    receive(actor_of(town.sofia), file_of(sample), name="LEROUX Odette.json", unit=town.unit_b)
    return Person.objects.get()


def close_to_diane(town: Town, who: Person) -> None:
    raise_restriction(
        actor_of(town.gaspard),
        person=who,
        professional=town.diane.professional,
        reason="La directrice est sa nièce",
    )


def test_a_file_made_for_it_opens_no_record_that_is_closed(
    client: Client, town: Town, odette: Person
) -> None:
    close_to_diane(town, odette)
    alike = person(identifiers=[], birth_on=date(2000, 1, 1))
    held = receive(actor_of(town.diane), file_of(record(person=alike, stays=[], events=[])))
    assert held.state == ImportState.HELD
    sign_in(client, town.diane)
    assert client.get(reverse("exchange:settle", args=[held.pk])).status_code == 403
    with pytest.raises(Refused):
        settle_identity(actor_of(town.diane), import_id=held.pk, person_id=odette.pk)


def test_a_file_that_waits_is_closed_with_the_record_that_it_may_be_of(
    client: Client, town: Town, odette: Person
) -> None:
    close_to_diane(town, odette)
    alike = file_of(record(person=person(identifiers=[])))
    held = receive(actor_of(town.sofia), alike, name="LEROUX Odette bis.json")
    assert held.state == ImportState.HELD
    sign_in(client, town.diane)
    assert "bis.json" not in client.get(reverse("exchange:import_list")).text
    for page in ("import_report", "settle", "import_file", "discard"):
        assert client.get(reverse(f"exchange:{page}", args=[held.pk])).status_code == 403, page


def test_an_original_file_is_not_given_to_whom_a_part_is_closed(
    client: Client, town: Town, odette: Person
) -> None:
    received = odette.subject.imports.get()
    original = reverse("exchange:import_file", args=[received.pk])
    sign_in(client, town.diane)
    assert client.get(original).status_code == 200
    raise_restriction(
        actor_of(town.gaspard),
        person=odette,
        professional=town.diane.professional,
        item_id=Note.objects.get().pk,
        reason="Plainte contre la directrice",
    )
    refused = client.get(original)
    assert refused.status_code == 403
    assert "Une partie de ce dossier vous est fermée" in refused.text


def test_the_list_of_files_names_nobody_out_of_sight(
    client: Client, town: Town, odette: Person, chief: Membership
) -> None:
    mark_sensitive(actor_of(town.diane), person=odette, is_sensitive=True)
    listed = reverse("exchange:import_list")
    sign_in(client, chief)
    assert "LEROUX Odette" not in client.get(listed).text
    sign_in(client, town.sofia)
    assert "LEROUX Odette" in client.get(listed).text


def test_a_file_brought_by_a_unit_opens_the_record_to_no_other(
    town: Town, chief: Membership
) -> None:
    upstairs = replace(stay(), unit_name="Premier étage", room_name="")
    number = identifier("SEJOUR", "2")
    over = replace(
        stay(), key=number.value, identifier=number, exited_on=date(2025, 1, 1), status="finished"
    )
    for stays in ([upstairs, over], [over], []):
        received = receive(actor_of(chief), file_of(record(stays=stays)), unit=town.unit_a)
        assert received.state in (ImportState.IMPORTED, ImportState.KNOWN)
        assert {one.unit for one in Stay.objects.all()} == {town.unit_a}
        Person.objects.update(ins_value="")
    for unit in (None, town.unit_b):
        with pytest.raises(Invalid, match="votre équipe"):
            receive(actor_of(chief), file_of(record()), unit=unit)
