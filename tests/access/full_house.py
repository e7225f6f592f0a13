"""The house of `url_town` filled with rows: as many of each thing that a page lists."""

from datetime import timedelta
from itertools import count

from django.db import models

from tests.access.url_town import FAMILY_NAME, Target, UrlTown
from tests.access.world import LONG_AGO
from tests.factories import drafts
from tests.factories.town import SINCE, actor_of
from virage.agenda.actions import plan_events
from virage.agenda.enums import Traveller
from virage.agenda.models import Participation, Transport
from virage.directory.models import Establishment, Membership, Professional, Room, Unit
from virage.directory.queries import system_membership
from virage.documents.actions import add_documents
from virage.exchange.models import Import, ImportLine, ReceivedItem
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, SubjectKind, Volet
from virage.foundation.access.models import Subject
from virage.foundation.access.writing import signature
from virage.foundation.journal.writing import write_event
from virage.instruments.actions import freeze_evaluations
from virage.persons.actions import create_person
from virage.persons.models import (
    Contact,
    Coverage,
    LegalProtection,
    Person,
    PersonAddress,
    PersonIdentifier,
    PersonTelecom,
    Referent,
    Stay,
)
from virage.persons.queries.doubles import look_alike_ids
from virage.persons.rules import PersonTraits
from virage.record.actions import write_notes
from virage.record.models import NoteVersion

_numbers = count(1)


def add_rows(town: UrlTown, number: int) -> None:
    """Add that many rows to every list that shows our target, or what she is among."""
    target = town.targets["ours"]
    unit = Unit.objects.select_related("establishment__operator").get(pk=target.ids["unit_id"])
    office = actor_of(system_membership(unit.establishment.operator))
    people = _professionals(unit, target, town, number)
    persons = [_neighbour(office, unit) for _ in range(number)]
    _around(target.person, people, unit, number)
    _items(office, target, unit, persons, people, number)
    _imports(office, target, unit, persons, number)
    seen = {one.subject_id: {Volet.CARE} for one in (target.person, *persons)}
    for _ in range(number):
        write_event(office, "person.read", seen, is_write=False)


def _professionals(unit: Unit, target: Target, town: UrlTown, number: int) -> list[Professional]:
    """Add establishments, units, rooms, professionals and memberships."""
    operator = unit.establishment.operator
    subjects = _bulk(Subject, number, operator_id=operator.pk, kind=SubjectKind.ESTABLISHMENT)
    Establishment.objects.bulk_create(
        Establishment(operator=operator, subject=subject, name=f"Service {next(_numbers)}")
        for subject in subjects
    )
    units = Unit.objects.bulk_create(
        Unit(establishment=unit.establishment, name=f"Unité {next(_numbers)}")
        for _ in range(number)
    )
    Room.objects.bulk_create(Room(unit=one, name=str(next(_numbers))) for one in (*units, unit))
    people = _bulk(Professional, number, operator=operator, family_name="Renfort")
    busy = Professional.objects.get(pk=target.ids["professional_id"])
    chief = town.roles["director of all"].membership.professional
    memberships = Membership.objects.bulk_create(
        Membership(
            operator=operator,
            professional=professional,
            establishment=unit.establishment,
            profession="nurse",
            reach=Reach.UNITS,
            starts_on=SINCE,
        )
        for professional in (*people, *[busy] * number, *[chief] * number)
    )
    for membership in memberships:
        membership.units.set([unit])
    return people


def _neighbour(office: Actor, unit: Unit) -> Person:
    """Add someone of the same unit with a name that sounds the same."""
    traits = PersonTraits(
        birth_family_name=FAMILY_NAME, birth_given_names="Rose", birth_on=LONG_AGO
    )
    room = Room.objects.create(unit=unit, name=str(next(_numbers)))
    stay = Stay(establishment=unit.establishment, unit=unit, room=room, entered_on=LONG_AGO)
    others = look_alike_ids(office, traits)
    return create_person(office, traits=traits, stay=stay, other_person_ids=others)


def _around(person: Person, people: list[Professional], unit: Unit, number: int) -> None:
    contacts = _bulk(Contact, number, person=person, family_name="Proche")
    LegalProtection.objects.bulk_create(
        LegalProtection(person=person, kind="curatelle", holder=contact) for contact in contacts
    )
    _bulk(Coverage, number, person=person, kind="AMO")
    _bulk(PersonIdentifier, number, person=person, kind="PI", value="4711")
    _bulk(PersonAddress, number, person=person, city="Ville")
    _bulk(PersonTelecom, number, person=person, system="phone", value="0199000000")
    place = {"operator": unit.establishment.operator, "establishment": unit.establishment}
    former = {"entered_on": LONG_AGO, "exited_on": LONG_AGO + timedelta(days=1)}
    _bulk(Stay, number, person=person, subject=person.subject, unit=unit, **place, **former)
    Referent.objects.bulk_create(
        Referent(subject=person.subject, professional=one, starts_on=LONG_AGO) for one in people
    )


def _items(
    office: Actor,
    target: Target,
    unit: Unit,
    persons: list[Person],
    people: list[Professional],
    number: int,
) -> None:
    """Add items of each kind, and make those of the target's own addresses long."""
    person, ids = target.person, target.ids
    where = {"establishment_id": unit.establishment_id}
    write_notes(office, drafts=[drafts.note(person, **where) for _ in range(number)])
    NoteVersion.objects.bulk_create(
        NoteVersion(
            **{"note_id": ids["note_id"], "version": next(_numbers), "text": "Avant."},
            **{"author_name": "Alice", "author_profession": "nurse"},
            recorded_at=office.at,
        )
        for _ in range(number)
    )
    plan_events(office, drafts=[drafts.event(person, **where) for _ in range(number)])
    event = {"event_id": ids["event_id"]}
    Participation.objects.bulk_create(
        [
            *(Participation(**event, subject=one.subject) for one in persons),
            *(Participation(**event, professional=one) for one in people),
        ]
    )
    Transport.objects.bulk_create(
        Transport(**event, traveller=Traveller.PROFESSIONAL, professional=one) for one in people
    )
    freeze_evaluations(office, drafts=[drafts.evaluation(person, **where) for _ in range(number)])
    attached = where | event | {"evaluation_id": ids["evaluation_id"]}
    add_documents(office, drafts=[drafts.document(person, **attached) for _ in range(number)])


def _imports(office: Actor, target: Target, unit: Unit, persons: list[Person], number: int) -> None:
    ids = target.ids
    of_import = Import.objects.get(pk=ids["import_id"])
    ReceivedItem.objects.bulk_create(
        ReceivedItem(
            **signature(office, drafts.moments_ago(), None, unit.establishment_id),
            **{"subject": target.person.subject, "volet": Volet.CARE, "of_import": of_import},
            **{"kind": "xml", "title": "Projet", "key": str(next(_numbers)), "content": "<a/>"},
        )
        for _ in range(number)
    )
    _bulk(
        ImportLine,
        number,
        **{"of_import": of_import, "position": 1, "level": "created", "label": "Transmission"},
    )
    _bulk(
        Import,
        number,
        **{"operator": unit.establishment.operator, "establishment": unit.establishment},
        **{"unit": unit, "membership_id": office.membership_id, "size_bytes": 1},
    )
    held = Import.objects.get(pk=ids["held_id"])
    held.candidates.add(*persons)
    held.save()


def _bulk(model: type[models.Model], number: int, **columns: object) -> list[models.Model]:
    return model._default_manager.bulk_create(model(**columns) for _ in range(number))
