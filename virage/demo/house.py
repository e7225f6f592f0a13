"""The house that the seeds furnish one after the other: who works where, who lives there, when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from virage.demo.draw import Draw
from virage.demo.people import Structures
from virage.demo.texts import write_out
from virage.directory.models import Establishment, Membership, Operator, Professional, Room, Unit
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.coded import Coded
from virage.foundation.content import nomenclature
from virage.persons.enums import Sex
from virage.persons.models import Person, Stay

SHIFTS_START_AT = (8, 20)  # local hours; the night before
# Those who take turns day and night; everyone else works from Monday to Friday.
EVERY_DAY = ("nurse", "care_assistant", "night_watch")


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A member of the staff in one situation, ready to act at any instant."""

    membership: Membership
    actor: Actor

    @property
    def professional(self) -> Professional:
        return self.membership.professional

    def acting(self, at: datetime) -> Actor:
        """Return who acts at this instant, the time at which the fact is entered."""
        return replace(self.actor, at=at)

    def reaches(self, establishment: Establishment, unit: Unit) -> bool:
        """Whether the care team of this unit counts this seat."""
        if self.actor.reach == Reach.UNITS:
            return unit.pk in self.actor.unit_ids
        return self.actor.establishment_id == establishment.pk


@dataclass(frozen=True, kw_only=True)
class Usager:
    """A person in one of her stays; `key` is the establishment in the demo's content."""

    person: Person
    stay: Stay
    key: str
    establishment: Establishment
    unit: Unit
    is_female: bool

    def is_there_on(self, day: date) -> bool:
        """Whether the stay has begun on this day and is not over."""
        entered, exited = self.stay.entered_on, self.stay.exited_on
        return entered is not None and entered <= day and (exited is None or day <= exited)

    def told(self, text: str, draw: Draw) -> str:
        """Return a text of the demo fitted to this person."""
        return told_of(self.person, text, draw)


@dataclass(frozen=True, kw_only=True)
class House:
    """The operator with its structures and its staff, on the day the demo starts.

    Its records tell the last `history_days` days.
    """

    today: date
    history_days: int
    plan: Structures
    operator: Operator
    establishments: Mapping[str, Establishment]
    units: Mapping[str, Unit]
    rooms: Mapping[str, Sequence[Room]]
    seats: Sequence[Seat]
    command_line: Seat

    @property
    def days(self) -> list[date]:
        """The days that the records tell, until yesterday."""
        return [self.today - timedelta(days=back) for back in range(self.history_days, 0, -1)]

    def seats_for(
        self, profession: str, establishment: Establishment, unit: Unit, title: str = ""
    ) -> list[Seat]:
        """Return who exercises this profession in this unit, under this title if there is one."""
        return [
            seat
            for seat in self.seats
            if seat.actor.profession == profession
            and seat.reaches(establishment, unit)
            and title in ("", seat.professional.profession_name)
        ]

    def on_duty(
        self, profession: str, usager: Usager, at: datetime, title: str = ""
    ) -> Seat | None:
        """Return who works at that time beside the usager: colleagues take turns."""
        seats = self.seats_for(profession, usager.establishment, usager.unit, title)
        day, shift = shift_of(at)
        return seats[(day.toordinal() + shift) % len(seats)] if seats else None

    def secretary_of(self, establishment: Establishment) -> Seat:
        """Return who keeps the identities and the stays of an establishment."""
        return next(
            seat
            for seat in self.seats
            if seat.actor.profession == "secretary"
            and seat.actor.establishment_id == establishment.pk
        )


def told_of(person: Person, text: str, draw: Draw) -> str:
    """Return a text of the demo fitted to a person."""
    is_female = person.sex == Sex.FEMALE
    civility = "Mme" if is_female else "M."
    return write_out(
        text,
        name=f"{civility} {person.shown_family_name}",
        given_name=person.shown_given_name,
        is_female=is_female,
        choose=draw.choice,
    )


def shift_of(at: datetime) -> tuple[date, int]:
    """Return the day and which of its three shifts this local time is in: night, day, evening."""
    return at.date(), sum(at.hour >= start for start in SHIFTS_START_AT)


def is_working_day(day: date, profession: str, key: str) -> bool:
    """Whether this profession works in this kind of place that day."""
    return day.weekday() < 5 or (key == "ehpad" and profession in EVERY_DAY)


def instant(day: date, hour: time) -> datetime:
    """Return a local hour of a day as an instant."""
    return timezone.make_aware(datetime.combine(day, hour))


def coded(name: str, code: str) -> Coded:
    """Return a code of a published list with its label; an empty code is no value."""
    return nomenclature.get(name).coded(code)
