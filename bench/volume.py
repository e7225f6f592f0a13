"""A whole operator, written straight into the tables: volume matters here, not its making."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, models
from django.utils import timezone

from virage.agenda.models import Event, Participation
from virage.demo import people, texts
from virage.demo.builder import DEMO_SECRET
from virage.demo.draw import Draw
from virage.demo.seeds.directory import give_factor
from virage.directory import actions
from virage.directory.models import Account, Establishment, Membership, Operator, Room, Unit
from virage.directory.queries import actor_of, system_membership
from virage.documents.models import Document
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, SubjectKind
from virage.foundation.access.models import Subject
from virage.foundation.journal.models import JournalEvent, JournalLine
from virage.foundation.storage import files
from virage.instruments.models import Evaluation
from virage.persons.enums import CoverageKind, InsOid, InsStatus, Sex
from virage.persons.models import Contact, Coverage, Person, PersonAddress, Stay
from virage.persons.rules.names import name_sound, search_text, strict_form
from virage.record.models import Note

PASSWORD = "mesurer-n-est-pas-jouer"  # noqa: S105  # of a database that lives some minutes
NURSE, DIRECTOR = "infirmiere@bench.example", "direction@bench.example"
UNITS = ("Rez-de-chaussée", "Étage")
WRITERS = {"care": "nurse", "socio_educative": "educator", "medical": "physician"}
BATCH = 2000
YEAR_MINUTES = 365 * 24 * 60
SINCE_DAYS = 800


@dataclass(frozen=True)
class Volume:
    """How much of everything; `each` is by usager."""

    establishments: int
    usagers: int
    notes: int
    events_each: int = 8
    evaluations_each: int = 2
    documents_each: int = 2
    readings_each: int = 20


FULL = Volume(establishments=50, usagers=5_000, notes=300_000)
QUICK = Volume(establishments=4, usagers=200, notes=6_000)


@dataclass(frozen=True, kw_only=True)
class Place:
    """An establishment with its units, and who writes there by volet."""

    establishment: Establishment
    units: Sequence[Unit]
    writers: dict[str, Membership]


@dataclass(frozen=True)
class Filler:
    """Fills an empty database."""

    volume: Volume
    operator: Operator
    system: Actor
    draw: Draw = field(default_factory=lambda: Draw("bench"))

    def fill(self) -> None:
        """Write everything, then let PostgreSQL look at its tables, as it does in time."""
        places = [self._place(number) for number in range(self.volume.establishments)]
        self._open_account(DIRECTOR, self._hire("director", None, Reach.OPERATOR))
        self._open_account(NURSE, places[0].writers["care"])
        stays = self._usagers(places)
        self._notes(stays, places)
        self._events(stays, places)
        self._evaluations_and_documents(stays, places)
        self._journal(stays, places)
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")

    def _place(self, number: int) -> Place:
        establishment = actions.create_establishment(self.system, name=f"EHPAD n° {number + 1}")
        units = [
            actions.create_unit(self.system, establishment=establishment, name=name)
            for name in UNITS
        ]
        writers = {
            volet: self._hire(profession, establishment, Reach.UNITS, units)
            for volet, profession in WRITERS.items()
        }
        return Place(establishment=establishment, units=units, writers=writers)

    def _hire(
        self,
        profession: str,
        establishment: Establishment | None,
        reach: Reach,
        units: Sequence[Unit] = (),
    ) -> Membership:
        professional = actions.create_professional(
            self.system, family_name=self.draw.choice(people.names().family_names)
        )
        return actions.open_membership(
            self.system,
            professional=professional,
            profession=profession,
            establishment=establishment,
            reach=reach,
            units=units,
            starts_on=date(2020, 1, 1),
        )

    def _open_account(self, email: str, membership: Membership) -> None:
        account = actions.open_account(
            self.system, professional=membership.professional, email=email
        )
        Account.objects.filter(pk=account.pk).update(password=make_password(PASSWORD))
        give_factor([email], DEMO_SECRET)

    def _usagers(self, places: Sequence[Place]) -> list[Stay]:
        """Spread the usagers over the establishments, the same number in each unit."""
        stays = []
        subjects: list[Subject] = []
        persons: list[Person] = []
        rooms: list[Room] = []
        for number in range(self.volume.usagers):
            place = places[number % len(places)]
            unit = place.units[number // len(places) % len(place.units)]
            subject = Subject(operator_id=self.operator.pk, kind=SubjectKind.PERSON)
            person = self._person(subject, number)
            room = Room(unit=unit, name=f"{number // len(places) + 1}")
            subjects.append(subject)
            persons.append(person)
            rooms.append(room)
            stays.append(
                Stay(
                    operator_id=self.operator.pk,
                    person=person,
                    subject=subject,
                    establishment=place.establishment,
                    unit=unit,
                    room=room,
                    file_number=f"D{number:05d}",
                    entered_on=timezone.localdate() - timedelta(days=SINCE_DAYS),
                )
            )
        for rows in (subjects, persons, rooms, stays):
            _insert(rows)
        _insert(_surroundings(persons, PersonAddress, lines=["1 rue Haute"], city="Vaumarin"))
        _insert(_surroundings(persons, Contact, family_name="Favereau", given_name="Anne"))
        _insert(_surroundings(persons, Contact, family_name="Bordier", given_name="Guy"))
        _insert(_surroundings(persons, Coverage, kind=CoverageKind.COMPULSORY, payer_name="CPAM"))
        return stays

    def _person(self, subject: Subject, number: int) -> Person:
        is_female = self.draw.happens(70)
        generation = people.names().generations[0]
        given = self.draw.choice(generation.female if is_female else generation.male)
        family = self.draw.choice(people.names().family_names)
        return Person(
            operator_id=self.operator.pk,
            subject=subject,
            birth_family_name=strict_form(family),
            birth_given_names=strict_form(given),
            first_birth_given_name=strict_form(given),
            used_family_name=family,
            used_given_name=given,
            sex=Sex.FEMALE if is_female else Sex.MALE,
            birth_on=date(1930, 1, 1) + timedelta(days=self.draw.randrange(7000)),
            birth_place_code="99801",
            ins_value=f"2300199801{number:05d}",
            ins_oid=InsOid.TEST,
            ins_status=InsStatus.QUALIFIED,
            search_text=search_text(family, given),
            name_sound=name_sound(family, given),
        )

    def _authored(self, stay: Stay, place: Place, volet: str) -> dict[str, Any]:
        """Return the columns of an item written some time in the last year."""
        writer = place.writers[volet]
        at = timezone.now() - timedelta(minutes=self.draw.randrange(1, YEAR_MINUTES))
        return {
            "operator_id": self.operator.pk,
            "establishment": place.establishment,
            "author_id": writer.professional_id,
            "author_name": "Camille Favereau",
            "author_profession": writer.profession,
            "volet": volet,
            "happened_at": at,
            "recorded_at": at,
        }

    def _each(self, stays: Sequence[Stay], places: Sequence[Place], count: int) -> Iterator[Any]:
        """Yield (stay, place, volet) as many times as said, usager after usager."""
        volets = list(WRITERS)
        for number in range(count):
            position = number % len(stays)
            volet = volets[number // len(stays) % len(volets)]
            yield stays[position], places[position % len(places)], volet

    def _notes(self, stays: Sequence[Stay], places: Sequence[Place]) -> None:
        written = [
            texts.write_out(
                text,
                name="Mme Favereau",
                given_name="Anne",
                is_female=True,
                choose=self.draw.choice,
            )
            for bank in texts.note_banks()
            for group in bank.notes
            for text in group.texts
        ]
        _insert(
            Note(
                **self._authored(stay, place, volet),
                subject_id=stay.subject_id,
                stay_id=stay.pk,
                text=self.draw.choice(written),
            )
            for stay, place, volet in self._each(stays, places, self.volume.notes)
        )

    def _events(self, stays: Sequence[Stay], places: Sequence[Place]) -> None:
        count = self.volume.events_each * len(stays)
        planned = [
            (Event(**self._authored(stay, place, volet), label="Visite", status="finished"), stay)
            for stay, place, volet in self._each(stays, places, count)
        ]
        _insert(event for event, _ in planned)
        _insert(Participation(event=event, subject_id=stay.subject_id) for event, stay in planned)

    def _evaluations_and_documents(self, stays: Sequence[Stay], places: Sequence[Place]) -> None:
        answers = [{"link_id": str(n), "text": f"Question {n}", "value": n} for n in range(10)]
        _insert(
            Evaluation(
                **self._authored(stay, place, volet),
                subject_id=stay.subject_id,
                title="Évaluation",
                answers=answers,
            )
            for stay, place, volet in self._each(
                stays, places, self.volume.evaluations_each * len(stays)
            )
        )
        content = b"%PDF-1.4 bench"
        digest = files.put(content, self.operator.pk)
        _insert(
            Document(
                **self._authored(stay, place, volet),
                subject_id=stay.subject_id,
                title="Document",
                digest=digest,
                size_bytes=len(content),
                content_type="application/pdf",
            )
            for stay, place, volet in self._each(
                stays, places, self.volume.documents_each * len(stays)
            )
        )

    def _journal(self, stays: Sequence[Stay], places: Sequence[Place]) -> None:
        """Write who read what: one event for each usager and each of her readers."""
        count = self.volume.readings_each * len(stays)
        read = [
            (self._reading(place.writers[volet]), stay)
            for stay, place, volet in self._each(stays, places, count)
        ]
        _insert(event for event, _ in read)
        _insert(
            JournalLine(event=event, subject_id=stay.subject_id, volets="care")
            for event, stay in read
        )

    def _reading(self, reader: Membership) -> JournalEvent:
        return JournalEvent(
            at=timezone.now() - timedelta(minutes=self.draw.randrange(1, YEAR_MINUTES)),
            operator_id=self.operator.pk,
            establishment_id=reader.establishment_id,
            membership_id=reader.pk,
            professional_id=reader.professional_id,
            actor_name="Camille Favereau",
            profession=reader.profession,
            action="record.facts",
            is_write=False,
        )


def fill(volume: Volume) -> None:
    """Fill an empty database with so much."""
    operator = actions.create_operator(name="Organisme mesuré")
    system = actor_of(system_membership(operator), timezone.now())
    Filler(volume, operator, system).fill()


def _surroundings(
    persons: Iterable[Person], model: type[models.Model], **columns: Any
) -> Iterator[models.Model]:
    return (model(person=person, **columns) for person in persons)


def _insert(rows: Iterable[models.Model]) -> None:
    """Insert rows of one model without holding them all in memory."""
    remaining = iter(rows)
    while batch := list(islice(remaining, BATCH)):
        type(batch[0])._default_manager.bulk_create(batch)
