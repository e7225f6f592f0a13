"""The identifiers that we give: the same for whoever exports, whatever is entered or corrected."""

import re
from datetime import date
from typing import Any

import pytest

from tests.exchange.rows import command_line_of
from tests.exchange.samples import receive
from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from virage.agenda.actions import plan_events
from virage.agenda.enums import Traveller
from virage.agenda.rules import TransportDraft
from virage.directory.actions import update_establishment
from virage.directory.models import Membership, Operator
from virage.exchange.actions import export_record
from virage.exchange.enums import ImportState, LineLevel
from virage.exchange.queries.record_in_transit import record_in_transit
from virage.formats.tddui.complement import items_of
from virage.formats.tddui.identifiers import PERSON_SYSTEM
from virage.foundation.journal.collector import collecting_reads
from virage.instruments.actions import freeze_evaluations
from virage.persons.actions import add_item, open_stay, update_stay
from virage.persons.enums import InsOid
from virage.persons.models import Contact, Person, Stay

LETTERS = "[a-p]{32}"


@pytest.fixture
def rose(town: Town) -> Person:
    """Someone of the EHPAD, whose team has written, and of the IME before."""
    rose = welcome(town, "Rose Lambert", town.ime, town.ime_unit)
    alice, office = actor_of(town.alice), actor_of(town.command_line)
    stay = Stay(establishment=town.ehpad, unit=town.unit_a, entered_on=date(2025, 6, 2))
    open_stay(office, person=rose, stay=stay)
    journeys = [TransportDraft(traveller=traveller) for traveller in Traveller]
    plan_events(alice, drafts=[drafts.event(rose, transports=journeys)])
    freeze_evaluations(alice, drafts=[drafts.evaluation(rose)])
    add_item(office, person=rose, item=Contact(family_name="Lambert", given_name="Zoé"))
    return rose


def numbers_in(exporter: Membership, person: Person) -> set[str]:
    """Return the keys under which a record's objects go out, and the number of the person."""
    with collecting_reads():
        record = record_in_transit(actor_of(exporter), person.pk)
    local = {one.value for one in record.person.identifiers if one.system == PERSON_SYSTEM}
    return local | {item.key for item in items_of(record) if getattr(item, "identifier", None)}


def test_they_have_the_forms_of_the_guide(town: Town, rose: Person) -> None:
    kinds = ("", "-EVAL-", "-EVN-", "-SEJOUR-", "-TPPat-", "-TPPro-")
    numbers = sorted(numbers_in(town.diane, rose))
    assert numbers.pop().startswith("urn:uuid:"), "the contact"
    for kind, number in zip(kinds, numbers, strict=True):
        own = f"{kind}{LETTERS}" if kind else ""
        assert re.fullmatch(f"3{town.ehpad.finess}/{LETTERS}{own}", number)


@pytest.mark.parametrize(
    ("oid", "type_code"),
    [(InsOid.NIR, "INS-NIR"), (InsOid.TEST, "INS-NIR-TEST"), (InsOid.DEMO, "INS-NIR-DEMO")],
)
def test_an_ins_typed_by_hand_says_its_registry(
    town: Town, rose: Person, settings: Any, oid: InsOid, type_code: str
) -> None:
    settings.IS_DEMO = False
    person = Person.objects.get(pk=rose.pk)
    person.ins_value, person.ins_oid = "241039910100192", oid
    person.save()
    with collecting_reads():
        sent = record_in_transit(actor_of(town.diane), rose.pk).person.identifiers[0]
    assert (sent.system, sent.type.code) == (f"urn:oid:{oid}", type_code)


def test_they_do_not_depend_on_who_exports_nor_when(town: Town, rose: Person) -> None:
    sent = numbers_in(town.diane, rose)
    assert len(numbers_in(town.gaspard, rose) - sent) == 1, "the stay in the other establishment"
    assert sent < numbers_in(town.gaspard, rose)
    former = Stay(establishment=town.ehpad, entered_on=date(2019, 2, 4), exited_on=date(2019, 9, 1))
    open_stay(actor_of(town.command_line), person=rose, stay=former)
    assert len(numbers_in(town.diane, rose) - sent) == 1, "the stay entered afterwards"
    assert sent < numbers_in(town.diane, rose)


def test_what_the_directory_and_the_office_correct_renames_nothing(
    town: Town, rose: Person
) -> None:
    office = actor_of(town.command_line)
    sent = numbers_in(town.gaspard, rose)
    changes = {"finess": "990000119"}
    update_establishment(office, establishment=town.ehpad, expected_version=1, changes=changes)
    stay = rose.stays.get(establishment=town.ehpad)
    rose.stays.filter(establishment=town.ime).update(exited_on=stay.entered_on)
    moved = {"establishment": town.ime, "unit": None}
    update_stay(office, stay=stay, expected_version=1, changes=moved)
    assert numbers_in(town.gaspard, rose) == sent


def test_without_any_finess_they_are_uri_and_known_when_they_come_back(
    town: Town, rose: Person
) -> None:
    Operator.objects.update(issuing_finess="")
    numbers = numbers_in(town.gaspard, rose)
    assert all(re.fullmatch("urn:uuid:[0-9a-f-]{36}", number) for number in numbers)
    with collecting_reads():
        sent = export_record(actor_of(town.gaspard), person_id=rose.pk)
    office = command_line_of(town.operator)
    back = receive(office, sent, establishment=town.ehpad)
    assert (back.state, back.subject_id) == (ImportState.IMPORTED, rose.subject_id)
    made = back.lines.filter(level=LineLevel.CREATED)
    assert not made.exists()
