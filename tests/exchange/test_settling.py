"""Two files about the same newcomer, both said to be someone else than the person known."""

from dataclasses import replace
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.exchange.samples import file_of, person, receive, record
from tests.factories.town import Town, actor_of, sign_in
from virage.exchange.enums import ImportState
from virage.exchange.models import Import
from virage.formats.tddui import record as transit
from virage.foundation.outbox.actions import drain
from virage.persons.models import Person

NUMBER = person().identifiers[0]
TWIN = person(birth_on=date(1938, 5, 18), identifiers=[replace(NUMBER, value="3990000101/2")])


def file_about(newcomer: transit.Person, file_number: str) -> bytes:
    """Return a file about someone, told from another by the number of her file."""
    sample = record(person=newcomer, events=[], evaluations=[])
    sample.stays[0] = replace(sample.stays[0], file_number=file_number)
    return file_of(sample)


@pytest.fixture
def known(town: Town) -> Person:
    """The person known already, whom the newcomer resembles."""
    receive(actor_of(town.sofia), file_of(record()))
    return Person.objects.get()


def say_someone_else(town: Town, client: Client, held: Import) -> Import:
    """Settle a held file on screen, as the direction, and let the worker write it."""
    sign_in(client, town.diane)
    client.post(reverse("exchange:settle", args=[held.pk]), {"decision": "new"})
    drain()
    held.refresh_from_db()
    return held


def brought(town: Town, *files: bytes) -> list[Import]:
    held = [receive(actor_of(town.sofia), content) for content in files]
    assert {one.state for one in held} == {ImportState.HELD}
    return held


def test_the_same_file_twice_makes_one_person(town: Town, client: Client, known: Person) -> None:
    (one,) = brought(town, file_about(TWIN, "A"))
    again = receive(actor_of(town.sofia), file_about(TWIN, "A"))
    assert (again.state, again.subject_id) == (ImportState.KNOWN, None)
    sign_in(client, town.sofia)
    report = client.get(reverse("exchange:import_report", args=[again.pk])).text
    assert "Déjà en attente" in report
    assert reverse("exchange:import_report", args=[one.pk]) in report
    assert say_someone_else(town, client, one).state == ImportState.IMPORTED
    assert Person.objects.count() == 2


def test_the_same_file_that_waits_elsewhere_waits_here_too(town: Town, known: Person) -> None:
    office, content = actor_of(town.command_line), file_about(TWIN, "A")
    received = [receive(office, content, establishment=place) for place in (town.ime, town.ehpad)]
    assert {one.state for one in received} == {ImportState.HELD}


def test_the_report_of_a_settled_file_tells_each_thing_once(
    town: Town, client: Client, known: Person
) -> None:
    (held,) = brought(town, file_about(replace(TWIN, claimed_status="VALI"), "A"))
    assert held.lines.filter(code="status_claimed_qualified").count() == 1
    say_someone_else(town, client, held)
    assert held.lines.filter(code="status_claimed_qualified").count() == 1


def test_a_file_given_up_may_come_again(town: Town, client: Client, known: Person) -> None:
    (one,) = brought(town, file_about(TWIN, "A"))
    sign_in(client, town.sofia)
    discard = reverse("exchange:discard", args=[one.pk])
    assert "Écarter ce fichier" in client.get(discard).text
    assert client.post(discard, {"reason": ""}).status_code == 422
    client.post(discard, {"reason": "Reçu par erreur"})
    report = client.get(reverse("exchange:import_report", args=[one.pk])).text
    assert "Sofia Costa" in report
    assert "Reçu par erreur" in report
    brought(town, file_about(TWIN, "A"))


def test_a_proof_that_came_meanwhile_is_followed(town: Town, client: Client, known: Person) -> None:
    one, later = brought(town, file_about(TWIN, "A"), file_about(TWIN, "B"))
    say_someone_else(town, client, one)
    assert say_someone_else(town, client, later).state == ImportState.IMPORTED
    assert later.subject_id == one.subject_id
    assert Person.objects.count() == 2


def test_a_resemblance_that_came_meanwhile_is_shown_before_it_is_written(
    town: Town, client: Client, known: Person
) -> None:
    other = replace(TWIN, identifiers=[replace(NUMBER, value="3990000101/3")])
    one, later = brought(town, file_about(TWIN, "A"), file_about(other, "B"))
    say_someone_else(town, client, one)
    newcomer = Person.objects.exclude(pk=known.pk).get()
    assert say_someone_else(town, client, later).state == ImportState.HELD
    assert set(later.candidates.all()) == {known, newcomer}
    assert say_someone_else(town, client, later).state == ImportState.IMPORTED
    assert Person.objects.count() == 3
