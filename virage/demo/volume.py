"""A large operator, to measure on: how much of everything matters here more than what is told."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache

from django.db import transaction
from django.utils import timezone

from virage.agenda.actions import plan_events
from virage.agenda.enums import EventStatus
from virage.agenda.rules import EventDraft
from virage.demo import people, texts
from virage.demo.builder import DEMO_PASSWORD, DEMO_SECRET
from virage.demo.bulk import Bulk, settle
from virage.demo.draw import Draw
from virage.demo.house import instant, told_of
from virage.demo.seeds.directory import IN_POST_DAYS, give_factor, give_password
from virage.directory import actions
from virage.directory.models import Establishment, Membership, Operator, Unit
from virage.directory.queries import actor_of, system_membership
from virage.documents.actions import add_documents
from virage.documents.rules import DocumentDraft
from virage.formats.tddui.record import Answer
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, Volet
from virage.foundation.journal.writing import telling_the_past
from virage.foundation.national_numbers import nir_key
from virage.instruments.actions import freeze_evaluations
from virage.instruments.rules.answers import EvaluationDraft
from virage.persons.enums import CoverageKind, InsOid, Sex
from virage.persons.models import Contact, Coverage, Person, PersonAddress, PersonItem, Stay
from virage.persons.rules.identity import PersonTraits
from virage.persons.rules.names import strict_form
from virage.record.rules import NoteDraft

NURSE, DIRECTOR = "infirmiere@bench.example", "direction@bench.example"
UNITS = ("Rez-de-chaussée", "Étage")
WRITERS = {Volet.CARE: "nurse", Volet.SOCIO_EDUCATIVE: "educator", Volet.MEDICAL: "physician"}
YEAR_DAYS = 365
SINCE_DAYS = 800
# Fewer births than that bear one day's number.
BIRTH_DAYS = 7_000
ENTERED_AT = time(9, 30)
WRITTEN_AT = time(18, 30)

Progress = Callable[[int], None]


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

    @property
    def steps(self) -> int:
        """How much progress is told of: a step a person, then one a transmission."""
        return self.usagers + self.notes


FULL = Volume(establishments=50, usagers=5_000, notes=300_000)
QUICK = Volume(establishments=4, usagers=200, notes=6_000)


@dataclass(frozen=True, kw_only=True)
class Lodger:
    """An usager in her stay."""

    person: Person
    stay: Stay


@dataclass(frozen=True, kw_only=True)
class Place:
    """An establishment with its units, who writes there by volet, and who stays there."""

    establishment: Establishment
    units: Sequence[Unit]
    writers: dict[Volet, Membership]
    lodgers: list[Lodger] = field(default_factory=list)


def fill(
    volume: Volume,
    on_progress: Progress = lambda steps: None,
    before_seals: Callable[[], None] = lambda: None,
) -> None:
    """Fill an empty database with so much, all or nothing, and seal the journal of it.

    `on_progress` is told how many steps more are done, of the `steps` of the volume.
    """
    with transaction.atomic(), telling_the_past():
        operator = actions.create_operator(name="Organisme mesuré")
        bulk = Bulk(on_progress)
        Filler(volume, operator, timezone.localdate(), bulk, on_progress).fill()
    before_seals()
    settle()


@dataclass(frozen=True)
class Filler:
    """Fills an empty database."""

    volume: Volume
    operator: Operator
    today: date
    bulk: Bulk
    on_progress: Progress
    draw: Draw = field(default_factory=lambda: Draw("bench"))

    def fill(self) -> None:
        """Write everything, establishment by establishment."""
        at = instant(self.today - timedelta(days=IN_POST_DAYS), ENTERED_AT)
        system = actor_of(system_membership(self.operator), at)
        director = self._hire(system, "director", None, Reach.OPERATOR)
        self._open_account(system, DIRECTOR, director)
        places = [self._place(system, number) for number in range(self.volume.establishments)]
        self._open_account(system, NURSE, places[0].writers[Volet.CARE])
        give_password([NURSE, DIRECTOR], DEMO_PASSWORD)
        give_factor([NURSE, DIRECTOR], DEMO_SECRET)
        for number in range(self.volume.usagers):
            place = places[number % len(places)]
            place.lodgers.append(self._lodger(system, place, number))
            self.on_progress(1)
        self.bulk.write()
        for number, place in enumerate(places):
            actors = {
                volet: actor_of(membership, at) for volet, membership in place.writers.items()
            }
            for volet, actor in actors.items():
                self._shifts(place, volet, actor, number)
                self._others(place, volet, actor)
        self.bulk.write()

    def _place(self, system: Actor, number: int) -> Place:
        establishment = actions.create_establishment(system, name=f"EHPAD n° {number + 1}")
        units = [
            actions.create_unit(system, establishment=establishment, name=name) for name in UNITS
        ]
        writers = {
            volet: self._hire(system, profession, establishment, Reach.UNITS, units)
            for volet, profession in WRITERS.items()
        }
        return Place(establishment=establishment, units=units, writers=writers)

    def _hire(
        self,
        system: Actor,
        profession: str,
        establishment: Establishment | None,
        reach: Reach,
        units: Sequence[Unit] = (),
    ) -> Membership:
        professional = actions.create_professional(
            system, family_name=self.draw.choice(people.names().family_names)
        )
        return actions.open_membership(
            system,
            professional=professional,
            profession=profession,
            establishment=establishment,
            reach=reach,
            units=units,
            starts_on=system.at.date(),
        )

    def _open_account(self, system: Actor, email: str, membership: Membership) -> None:
        actions.open_account(system, professional=membership.professional, email=email)

    def _lodger(self, system: Actor, place: Place, number: int) -> Lodger:
        """Write someone, the same number in each unit, with what surrounds her."""
        entered_on = self.today - timedelta(days=SINCE_DAYS)
        office = replace(system, at=instant(entered_on, ENTERED_AT))
        traits, nir = self._traits(number)
        stay = Stay(
            establishment=place.establishment,
            unit=place.units[number // self.volume.establishments % len(place.units)],
            file_number=f"D{number:05d}",
            entered_on=entered_on,
        )
        person = self.bulk.create_person(
            office, traits=traits, stay=stay, ins_value=nir, ins_oid=InsOid.TEST
        )
        items: list[PersonItem] = [
            PersonAddress(lines=["1 rue Haute"], city="Vaumarin"),
            Contact(family_name="Favereau", given_name="Anne"),
            Contact(family_name="Bordier", given_name="Guy"),
            Coverage(kind=CoverageKind.COMPULSORY, payer_name="CPAM", insured_number=nir),
        ]
        self.bulk.add_surroundings(office, person=person, items=items)
        return Lodger(person=person, stay=stay)

    def _traits(self, number: int) -> tuple[PersonTraits, str]:
        is_female = self.draw.happens(70)
        generation = people.names().generations[0]
        given = self.draw.choice(generation.female if is_female else generation.male)
        family = self.draw.choice(people.names().family_names)
        born_on = date(1930, 1, 1) + timedelta(days=number % BIRTH_DAYS)
        body = f"{2 if is_female else 1}{born_on:%y%m}99801{number % 1000:03d}"
        traits = PersonTraits(
            birth_family_name=strict_form(family),
            birth_given_names=strict_form(given),
            used_family_name=family,
            used_given_name=given,
            sex=Sex.FEMALE if is_female else Sex.MALE,
            birth_on=born_on,
            birth_place_code="99801",
        )
        return traits, body + nir_key(body)

    def _shifts(self, place: Place, volet: Volet, actor: Actor, number: int) -> None:
        """Write what each day gives to tell, the same number of transmissions everywhere."""
        shifts = YEAR_DAYS * len(WRITERS) * self.volume.establishments
        first = (number * len(WRITERS) + list(WRITERS).index(volet)) * YEAR_DAYS
        for rank in range(first, first + YEAR_DAYS):
            count = (rank + 1) * self.volume.notes // shifts - rank * self.volume.notes // shifts
            day = self.today - timedelta(days=YEAR_DAYS - rank + first)
            drafts = [
                self._note(lodger, volet, day)
                for lodger in self.draw.sample(place.lodgers, min(count, len(place.lodgers)))
            ]
            if drafts:
                self.bulk.write_notes(replace(actor, at=instant(day, WRITTEN_AT)), drafts=drafts)

    def _note(self, lodger: Lodger, volet: Volet, day: date) -> NoteDraft:
        moment, text = self.draw.choice(_told(volet))
        earliest, latest = texts.WRITTEN_BETWEEN[moment]
        minutes = (latest.hour - earliest.hour) * 60 + latest.minute - earliest.minute
        return NoteDraft(
            subject_id=lodger.person.subject_id,
            volet=volet,
            text=told_of(lodger.person, text, self.draw),
            happened_at=instant(day, earliest) + timedelta(minutes=self.draw.randrange(minutes)),
            stay_id=lodger.stay.pk,
        )

    def _others(self, place: Place, volet: Volet, actor: Actor) -> None:
        """Write events, evaluations and papers month after month, then who read what."""
        share = len(place.lodgers) / len(WRITERS)
        for at, lodgers in self._spread(place, round(share * self.volume.events_each)):
            drafts = [
                EventDraft(
                    subject_ids=[one.person.subject_id],
                    volet=volet,
                    label="Visite",
                    happened_at=at,
                    status=EventStatus.FINISHED,
                )
                for one in lodgers
            ]
            plan_events(replace(actor, at=at), drafts=drafts)
        for at, lodgers in self._spread(place, round(share * self.volume.evaluations_each)):
            evaluations = [
                EvaluationDraft(
                    subject_id=one.person.subject_id,
                    volet=volet,
                    title="Évaluation",
                    happened_at=at,
                    answers=_answers(),
                )
                for one in lodgers
            ]
            freeze_evaluations(replace(actor, at=at), drafts=evaluations)
        for at, lodgers in self._spread(place, round(share * self.volume.documents_each)):
            documents = [
                DocumentDraft(
                    subject_id=one.person.subject_id,
                    volet=volet,
                    title="Document",
                    content=b"%PDF-1.4 bench",
                    content_type="application/pdf",
                    happened_at=at,
                )
                for one in lodgers
            ]
            add_documents(replace(actor, at=at), drafts=documents)
        for _ in range(round(share * self.volume.readings_each)):
            day = self.today - timedelta(days=self.draw.randrange(1, YEAR_DAYS))
            reader = replace(actor, at=instant(day, WRITTEN_AT))
            seen = self.draw.choice(place.lodgers).person.subject_id
            self.bulk.read(reader, "record.facts", {seen: {volet}})

    def _spread(self, place: Place, count: int) -> Iterator[tuple[datetime, list[Lodger]]]:
        """Yield instants of the last year with whom each is about, so many in all."""
        months = [self.today - timedelta(days=30 * back + 1) for back in range(12)]
        for rank, day in enumerate(months):
            share = (rank + 1) * count // len(months) - rank * count // len(months)
            if share:
                yield instant(day, WRITTEN_AT), self.draw.choices(place.lodgers, k=share)


@cache
def _told(volet: Volet) -> list[tuple[texts.Moment, str]]:
    """Return what the writer of a volet tells by day, in any kind of establishment."""
    return [
        (group.moment, text)
        for bank in texts.note_banks()
        for group in bank.notes
        if group.volet == volet and group.moment not in ("evening", "night")
        for text in group.texts
    ]


@cache
def _answers() -> list[Answer]:
    return [Answer(link_id=str(n), text=f"Question {n}", value=n) for n in range(10)]
