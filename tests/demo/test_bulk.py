"""A row written in bulk is the row that its action writes: every column, journal included."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import models, transaction

from tests.factories.town import Town, actor_of
from virage.agenda.actions import plan_events
from virage.agenda.enums import EventStatus, Traveller
from virage.agenda.rules import EventDraft, TransportDraft
from virage.demo.bulk import Bulk
from virage.formats.tddui.record import Answer
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.coded import Coded
from virage.foundation.journal.collector import collecting_reads, saw
from virage.foundation.journal.models import JournalEvent, JournalLine
from virage.foundation.journal.writing import telling_the_past
from virage.instruments.actions import freeze_evaluations
from virage.instruments.rules.answers import EvaluationDraft
from virage.persons import actions
from virage.persons.enums import CoverageKind, InsOid, Sex
from virage.persons.models import (
    Contact,
    Coverage,
    LegalProtection,
    PersonAddress,
    PersonIdentifier,
    PersonItem,
    PersonTelecom,
    Stay,
)
from virage.persons.rules.identity import PersonTraits
from virage.record.actions import correct_note, write_notes
from virage.record.rules import NoteDraft

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 16, 10, tzinfo=UTC)
TRAITS = PersonTraits(
    birth_family_name="Lévêque",
    birth_given_names="Jeanne Élise",
    used_family_name="d’Arbois",
    sex=Sex.FEMALE,
    birth_on=date(1941, 5, 2),
    birth_place_code="99352",
)
INS = {"ins_value": "241059935200163", "ins_oid": InsOid.TEST}
Way = Callable[[Town, Actor, Actor], None]


def items() -> list[PersonItem]:
    """One of each kind that a record holds around the person."""
    holder = Contact(family_name="Bordier", given_name="Guy", telecoms=[])
    return [
        PersonAddress(house_number="4", street="rue Haute", city="Vaumarin"),
        PersonTelecom(system="phone", value="06 39 98 12 34", use="mobile"),
        PersonIdentifier(kind="MDPH", value="99-123456"),
        holder,
        LegalProtection(kind="tutelle", covers_goods=True, judged_on=AT.date(), holder=holder),
        Coverage(kind=CoverageKind.COMPULSORY, payer_name="CPAM"),
    ]


def stays(town: Town) -> tuple[Stay, Stay]:
    """A stay that goes on, and the one before."""
    now = Stay(establishment=town.ehpad, unit=town.unit_a, entered_on=date(2024, 1, 8))
    before = {"entered_on": date(2022, 1, 8), "exited_on": date(2024, 1, 7)}
    return now, Stay(establishment=town.ehpad, unit=town.unit_b, **before)


def notes(subject_id: UUID, stay: Stay) -> list[NoteDraft]:
    """What a shift tells of one person, in two volets."""
    return [
        NoteDraft(
            subject_id=subject_id,
            volet=volet,
            text="  A bien dormi.",
            happened_at=AT,
            stay_id=stay.pk,
            is_published=volet == Volet.MEDICAL,
        )
        for volet in (Volet.CARE, Volet.MEDICAL)
    ]


def events(subject_id: UUID, stay: Stay, nurse: Actor) -> list[EventDraft]:
    """A consultation that took place, with the way there, and one to come."""
    transport = TransportDraft(
        traveller=Traveller.USAGER, distance_km=Decimal(12), is_accompanied=True
    )
    return [
        EventDraft(
            subject_ids=[subject_id],
            volet=Volet.CARE,
            label="Consultation",
            happened_at=AT - timedelta(hours=1),
            ends_at=AT,
            status=EventStatus.FINISHED,
            types=[Coded(code="2.1.1.1", system="urn:test", display="Soins")],
            report="Rien à signaler.",
            stay_id=stay.pk,
            professional_ids=[nurse.professional_id],
            transports=[transport],
        ),
        EventDraft(
            subject_ids=[subject_id],
            volet=Volet.CARE,
            label="Contrôle",
            happened_at=AT + timedelta(days=30),
        ),
    ]


def evaluations(subject_id: UUID, stay: Stay) -> list[EvaluationDraft]:
    """A grid with one answer."""
    return [
        EvaluationDraft(
            subject_id=subject_id,
            volet=Volet.CARE,
            title="Douleur",
            happened_at=AT,
            stay_id=stay.pk,
            answers=[Answer(link_id="1", text="Au repos", value="Non", value_kind="string")],
        )
    ]


DEATH = datetime(2026, 3, 15, 2, tzinfo=UTC)
EXIT = {
    "exited_on": date(2026, 3, 15),
    "exit_mode": Coded(code="419620001", system="http://snomed.info/sct", display="décès"),
    "exit_label": "Décès dans l’établissement",
}


def by_actions(town: Town, office: Actor, nurse: Actor) -> None:
    now, before = stays(town)
    person = actions.create_person(office, traits=TRAITS, stay=now, **INS)
    actions.open_stay(office, person=person, stay=before)
    actions.add_surroundings(office, person=person, items=items())
    days = {"starts_on": date(2024, 1, 8), "ends_on": date(2025, 1, 8)}
    follower = town.alice.professional
    actions.name_referent(office, person=person, professional=follower, **days)
    drafts = notes(person.subject_id, now)
    write_notes(nurse, drafts=drafts)
    write_notes(nurse, drafts=drafts[:1])
    planned = events(person.subject_id, now, nurse)
    plan_events(nurse, drafts=planned)
    plan_events(nurse, drafts=planned[:1])
    freeze_evaluations(nurse, drafts=evaluations(person.subject_id, now))
    with collecting_reads():
        saw(nurse, "record.facts", [person.subject_id], [Volet.CARE, Volet.MEDICAL])


def in_bulk(town: Town, office: Actor, nurse: Actor) -> None:
    bulk = Bulk()
    now, before = stays(town)
    person = bulk.create_person(office, traits=TRAITS, stay=now, **INS)
    bulk.open_stay(office, person=person, stay=before)
    bulk.add_surroundings(office, person=person, items=items())
    days = {"starts_on": date(2024, 1, 8), "ends_on": date(2025, 1, 8)}
    follower = town.alice.professional
    bulk.name_referent(office, person=person, professional=follower, **days)
    drafts = notes(person.subject_id, now)
    bulk.write_notes(nurse, drafts=drafts)
    bulk.write_notes(nurse, drafts=drafts[:1])
    planned = events(person.subject_id, now, nurse)
    bulk.plan_events(nurse, drafts=planned)
    bulk.plan_events(nurse, drafts=planned[:1])
    bulk.freeze_evaluations(nurse, drafts=evaluations(person.subject_id, now))
    bulk.read(nurse, "record.facts", {person.subject_id: {Volet.CARE, Volet.MEDICAL}})
    bulk.write()


def ended_by_actions(town: Town, office: Actor, nurse: Actor) -> None:
    now, _ = stays(town)
    person = actions.create_person(office, traits=TRAITS, stay=now, **INS)
    follower = town.alice.professional
    since = date(2024, 1, 8)
    referent = actions.name_referent(office, person=person, professional=follower, starts_on=since)
    actions.end_referent(office, referent=referent, ends_on=date(2025, 1, 8))
    actions.update_person(office, person=person, expected_version=1, changes={"died_at": DEATH})
    actions.close_stay(office, stay=now, expected_version=1, **EXIT)


def ended_in_bulk(town: Town, office: Actor, nurse: Actor) -> None:
    bulk = Bulk()
    now, _ = stays(town)
    with bulk.holding():
        person = bulk.create_person(office, traits=TRAITS, stay=now, **INS)
        follower = town.alice.professional
        since = date(2024, 1, 8)
        referent = bulk.name_referent(office, person=person, professional=follower, starts_on=since)
        bulk.end_referent(office, referent=referent, ends_on=date(2025, 1, 8))
        bulk.note_death(office, person=person, died_at=DEATH)
        bulk.close_stay(office, stay=now, **EXIT)
    bulk.write()


def corrected_by_actions(town: Town, office: Actor, nurse: Actor) -> None:
    now, _ = stays(town)
    person = actions.create_person(office, traits=TRAITS, stay=now, **INS)
    note, _ = write_notes(nurse, drafts=notes(person.subject_id, now))
    correct_note(later(nurse), note_id=note.pk, expected_version=1, text="Non.", reason="Erreur")


def corrected_in_bulk(town: Town, office: Actor, nurse: Actor) -> None:
    bulk = Bulk()
    now, _ = stays(town)
    with bulk.holding():
        person = bulk.create_person(office, traits=TRAITS, stay=now, **INS)
        note, _ = bulk.write_notes(nurse, drafts=notes(person.subject_id, now))
        bulk.correct_note(later(nurse), note=note, text="Non.", reason="Erreur")
    bulk.write()


def later(actor: Actor) -> Actor:
    return replace(actor, at=AT + timedelta(minutes=35))


def written(way: Way, town: Town) -> dict[str, list[Any]]:
    """Return every row that one way writes, what is opaque replaced by its place; undone."""
    known = {model: set(model._default_manager.values_list("pk", flat=True)) for model in tables()}
    office, nurse = (actor_of(one, AT) for one in (town.command_line, town.denis))
    with transaction.atomic():
        way(town, office, nurse)
        places: dict[Any, str] = {}
        new = {
            model: model._default_manager.exclude(pk__in=known[model]).order_by("pk")
            for model in tables()
        }
        for model, rows in new.items():
            for place, row in enumerate(rows):
                places[row.pk] = f"{model.__name__} {place}"
        found = {
            model.__name__: [columns(row, places) for row in rows] for model, rows in new.items()
        }
        transaction.set_rollback(True)
    return {name: rows for name, rows in found.items() if rows}


def tables() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("virage.")]


def columns(row: models.Model, places: dict[Any, str]) -> dict[str, Any]:
    names = [one.attname for one in row._meta.concrete_fields]
    return {
        name: places.get(value, value) if value.__hash__ else value
        for name in names
        if name != "created_at"  # the machine's clock
        for value in [getattr(row, name)]
    }


def test_a_row_in_bulk_is_the_row_of_the_action(town: Town) -> None:
    JournalLine.objects.all().delete()
    JournalEvent.objects.all().delete()
    with telling_the_past():
        expected, found = written(by_actions, town), written(in_bulk, town)
    assert {"Subject", "Person", "Stay", "Referent", "Note", "LegalProtection"} <= expected.keys()
    assert {"Event", "Participation", "Transport", "Evaluation"} <= expected.keys()
    assert len(expected["JournalEvent"]) == 15
    assert found == expected


@pytest.mark.parametrize(
    ("by_hand", "at_once", "last"),
    [
        (ended_by_actions, ended_in_bulk, "stay.update"),
        (corrected_by_actions, corrected_in_bulk, "note.correct"),
    ],
)
def test_what_changes_in_bulk_is_what_the_actions_change(
    town: Town, by_hand: Way, at_once: Way, last: str
) -> None:
    JournalLine.objects.all().delete()
    JournalEvent.objects.all().delete()
    with telling_the_past():
        expected, found = written(by_hand, town), written(at_once, town)
    assert expected["JournalEvent"][-1]["action"] == last
    assert found == expected


def test_what_is_written_is_not_changed_in_bulk(town: Town) -> None:
    office, _ = (actor_of(one, AT) for one in (town.command_line, town.denis))
    bulk = Bulk()
    now, _ = stays(town)
    bulk.create_person(office, traits=TRAITS, stay=now, **INS)
    bulk.write()
    with pytest.raises(ValueError, match="written already"):
        bulk.close_stay(office, stay=now, **EXIT)
