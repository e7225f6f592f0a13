"""The demonstration of a region: two years of its establishments, written in bulk.

Four operators share the machine, and none sees anything of another: one of six establishments, one
of forty-nine, a single home, and a regional body which accompanies nobody.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count, groupby
from typing import Any

from django.db import transaction
from django.utils import timezone

from virage.agenda.rules import EventDraft
from virage.demo import people
from virage.demo.builder import DEMO_PASSWORD, DEMO_SECRET, DemoAccount, Report
from virage.demo.bulk import Bulk, settle
from virage.demo.characters import Cast
from virage.demo.draw import Draw
from virage.demo.house import instant
from virage.demo.region.accesses import Accesses
from virage.demo.region.chronicle import Chronicle, Telling
from virage.demo.region.dwellers import Calendars, Dweller, Passages, Place, Settling
from virage.demo.region.files import Files
from virage.demo.region.months import Months, Planned
from virage.demo.region.plan import (
    Body,
    House,
    Kind,
    bodies,
    courses,
    kinds,
    stock,
    towns,
    with_key,
)
from virage.demo.region.staff import Colleague, Hiring, Team
from virage.demo.seeds.directory import give_factor, give_password
from virage.demo.seeds.record import PUBLISHED_PERCENT, READING_AGAIN, put_right
from virage.directory import actions
from virage.directory.models import Establishment, Operator, Room, Unit
from virage.directory.queries import actor_of, system_membership
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, Volet
from virage.foundation.access.matrix import profession_label
from virage.foundation.journal.writing import telling_the_past
from virage.instruments.rules.answers import EvaluationDraft
from virage.record.models import Note
from virage.record.rules import NoteDraft

FIRST_FINESS, FIRST_RPPS = 100_001, 20_001
WRITING_MINUTES = (2, 9)
READINGS_PERCENT, CORRECTED_PERCENT = 30, 1
READ_AT, OPENS_AT = time(14, 5), time(9)
# What every referent reads, an educator as an assistant.
READABLE = (Volet.SOCIO_EDUCATIVE, Volet.PROJECT)
# Who has an account in each operator, and the address that he signs in with.
SIGNING_IN = {
    "director": "direction",
    "secretary": "secretariat",
    "physician": "medecin",
    "nurse": "infirmiere",
    "care_assistant": "soignante",
    "educator": "educatrice",
    "psychologist": "psychologue",
    "therapist": "reeducation",
    "teacher": "enseignante",
    "social_worker": "assistante-sociale",
    "night_watch": "nuit",
    "technical_admin": "informatique",
}
HEADS = {
    "director": (("Directeur général", "Directrice générale"), Reach.OPERATOR),
    "technical_admin": (("Responsable informatique",) * 2, Reach.NOBODY),
}
Advance = Callable[[int], None]


@dataclass(frozen=True)
class Size:
    """How much of the region: days told, establishments of each operator, share of their places."""

    days: int = 730
    houses: int = 49
    places_percent: int = 100


WHOLE = Size()


def steps(size: Size = WHOLE) -> int:
    """Return how many days of establishments are told, for a progress bar."""
    return size.days * sum(len(body.houses[: size.houses]) for body in bodies())


def accounts() -> list[DemoAccount]:
    """Return one account by profession and operator."""
    return [
        DemoAccount("", profession_label(profession), _email(body, profession), body.name)
        for body in bodies()
        for profession in SIGNING_IN
        if profession in _professions(body)
    ]


def _email(body: Body, profession: str) -> str:
    return f"{SIGNING_IN[profession]}@{body.key}.virage.example"


def _professions(body: Body) -> set[str]:
    posts = [post for house in body.houses for post in kinds()[house.kind].posts]
    return {*HEADS, *(post.profession for post in posts)}


def fill(tell: Report, advance: Advance) -> None:
    """Fill an empty database with the region, all or nothing, and seal the journal of it."""
    write_region(tell, advance)
    tell("Sceaux du journal")
    settle()


@transaction.atomic
@telling_the_past()
def write_region(
    tell: Report = lambda part: None,
    advance: Advance = lambda days: None,
    *,
    size: Size = WHOLE,
    today: date | None = None,
    now: datetime | None = None,
) -> None:
    """Write the region; the same instant gives the same records.

    `tell` is told which operator begins, `advance` how many days of establishments more are told.
    """
    now = now or (instant(today, time()) if today else timezone.now())
    today = timezone.localdate(now)
    days = Calendars(first=today - timedelta(days=size.days), today=today)
    finess, rpps = count(FIRST_FINESS), count(FIRST_RPPS)
    # One for all, so that no number is given twice.
    cast = Cast(people.structures(), today, Draw("region people"), stock())
    for body in bodies():
        tell(body.name)
        Writer(body, size, days, now, cast, advance, finess, rpps).write()


@dataclass
class Writer:
    """Writes an operator of the region."""

    body: Body
    size: Size
    days: Calendars
    now: datetime
    cast: Cast
    advance: Advance
    finess: Iterator[int]
    rpps: Iterator[int]
    bulk: Bulk = field(default_factory=Bulk)
    _siret: Iterator[int] = field(default_factory=lambda: count(1))
    _signing_in: dict[str, Colleague] = field(default_factory=dict)
    _told: list[Files] = field(default_factory=list)

    def write(self) -> None:
        """Write its directory, then everything that its establishments tell."""
        operator = actions.create_operator(name=self.body.name, siren=self.body.siren)
        at = instant(self.days.installed_on, OPENS_AT)
        system = actor_of(system_membership(operator), at)
        draw = Draw(f"region {self.body.key}")
        hiring = Hiring(
            system=system,
            installed_on=self.days.installed_on,
            first=self.days.first,
            today=self.days.today,
            draw=draw,
            rpps=self.rpps,
        )
        for profession, (titles, reach) in HEADS.items():
            self._signing_in[profession] = hiring.head(profession, titles, reach)
        for house in self.body.houses[: self.size.houses]:
            self._house(house, system, hiring)
        self._open_accounts(system, operator)
        if self._told:
            Accesses(
                director=self._signing_in["director"],
                houses=self._told,
                kept=list(self._signing_in.values()),
                days=self.days,
                draw=draw,
            ).write()

    def _open_accounts(self, system: Actor, operator: Operator) -> None:
        emails = {_email(self.body, one): each for one, each in self._signing_in.items()}
        for email, colleague in emails.items():
            professional = colleague.professional
            actions.open_account(system, professional=professional, email=email)
        give_password(emails, DEMO_PASSWORD)
        give_factor(emails, DEMO_SECRET)

    def _house(self, house: House, system: Actor, hiring: Hiring) -> None:
        kind = kinds()[house.kind]
        draw = Draw(f"region {self.body.key} {house.name}")
        plan = self._plan(house, kind, draw)
        establishment = actions.create_establishment(
            system,
            name=plan.name,
            kind=plan.kind,
            finess=plan.finess,
            siret=plan.siret,
            address=f"{plan.address.street}, {plan.address.postal_code} {plan.address.city}",
            usager_word=plan.usager_word,
        )
        places = list(self._places(house, kind, establishment, system, draw))
        counts = [(unit, len(list(same))) for unit, same in groupby(places, lambda one: one.unit)]
        team = hiring.team(kind, establishment, counts)
        self._note_who_signs_in(team)
        settling = Settling(
            kind=kind,
            establishment=establishment,
            plan=plan,
            team=team,
            system=system,
            days=self.days,
            cast=self.cast,
            draw=draw,
            bulk=self.bulk,
        )
        passages = Passages(kind, self.days, draw)
        drawn = [settling.settle(each) for one in places for each in passages.through(one)]
        dwellers = [one for one in drawn if one]
        self._tell(kind, team, dwellers, draw)

    def _plan(self, house: House, kind: Kind, draw: Draw) -> people.EstablishmentPlan:
        town = towns()[house.town]
        street = f"{draw.randint(1, 40)} {draw.choice(stock().streets)}"
        return people.EstablishmentPlan(
            key=kind.key,
            name=house.name,
            kind=kind.code,
            finess=with_key(f"99{next(self.finess):06d}"),
            siret=with_key(f"{self.body.siren}{next(self._siret):04d}"),
            usager_word=kind.usager_word,
            address=people.Address(street, town.postal_code, town.name),
            units=tuple(
                people.UnitPlan(one.name, one.profile, 0, one.reception_modes, ())
                for one in kind.units
            ),
        )

    def _places(
        self,
        house: House,
        kind: Kind,
        establishment: Establishment,
        system: Actor,
        draw: Draw,
    ) -> Iterator[Place]:
        """Yield the places of an establishment, unit after unit, each with its room in a home."""
        left = max(len(kind.units), house.places * self.size.places_percent // 100)
        total = left
        for rank, share in enumerate(kind.units):
            is_last = rank == len(kind.units) - 1
            number = left if is_last else min(left, max(1, total * share.share // 100))
            left -= number
            unit = actions.create_unit(system, establishment=establishment, name=share.name)
            for place in range(number):
                yield Place(
                    unit=unit,
                    course=courses()[share.profile],
                    mode=draw.weighted(share.reception_modes),
                    room=_room(system, unit, rank, place) if kind.is_home else None,
                )

    def _note_who_signs_in(self, team: Team) -> None:
        """Keep the first of each profession who is there to stay."""
        for one in team.colleagues:
            profession = one.post.profession
            if one.contract.ends_on is None and profession not in self._signing_in:
                self._signing_in[profession] = one

    def _tell(self, kind: Kind, team: Team, dwellers: Sequence[Dweller], draw: Draw) -> None:
        told: dict[str, Any] = {
            "kind": kind,
            "density": self.body.density,
            "team": team,
            "dwellers": dwellers,
            "days": self.days,
            "draw": draw,
        }
        chronicle, months = Chronicle(**told), Months(**told)
        by_day: dict[date, list[Planned]] = {}
        for planned in [*months.events(), *months.evaluations()]:
            by_day.setdefault(planned.at.date(), []).append(planned)
        for back in range(self.size.days, 0, -1):
            day = self.days.today - timedelta(days=back)
            self._write_notes(list(chronicle.of(day)), draw)
            self._write_planned(by_day.get(day, ()))
            self._read(kind, team, dwellers, day, draw)
            self.advance(1)
        latest = self.now - timedelta(minutes=WRITING_MINUTES[1])
        today = [one for one in chronicle.of(self.days.today) if one.happened_at < latest]
        self._write_notes(today, draw)
        self.bulk.write()
        files = Files(**told, files=self.body.files)
        files.write()
        self._told.append(files)

    def _write_notes(self, tellings: list[Telling], draw: Draw) -> None:
        """Write what a day gave, each writer at the end of each moment."""
        shifts: dict[object, list[Telling]] = {}
        for one in sorted(tellings, key=lambda one: one.happened_at):
            shifts.setdefault((one.colleague, one.moment), []).append(one)
        for told in shifts.values():
            later = timedelta(minutes=draw.randint(*WRITING_MINUTES))
            drafts = [
                NoteDraft(
                    subject_id=one.dweller.person.subject_id,
                    volet=one.volet,
                    text=one.text,
                    happened_at=one.happened_at,
                    stay_id=one.dweller.stay.pk,
                    is_published=draw.happens(PUBLISHED_PERCENT.get(one.volet, 0)),
                )
                for one in told
            ]
            at = told[-1].happened_at + later
            with self.bulk.holding():
                notes = self.bulk.write_notes(told[0].colleague.acting(at), drafts=drafts)
                for one, note in zip(told, notes, strict=True):
                    if draw.happens(CORRECTED_PERCENT):
                        self._put_right(one, note, draw)

    def _put_right(self, one: Telling, note: Note, draw: Draw) -> None:
        """Correct a transmission of everyday life: nothing is added to a story, nor to a death."""
        actor = one.colleague.acting(note.recorded_at + READING_AGAIN)
        is_everyday = one.happened_at.toordinal() not in one.dweller.taken
        right = put_right(note, draw)
        if right and is_everyday and actor.at < self.now:
            text, reason = right
            self.bulk.correct_note(actor, note=note, text=text, reason=reason)

    def _write_planned(self, planned: Sequence[Planned]) -> None:
        """Write the events and the evaluations of a day, as each colleague enters them."""
        entered: dict[object, list[Planned]] = {}
        for one in planned:
            entered.setdefault((one.colleague, one.at), []).append(one)
        for same in entered.values():
            actor = same[0].colleague.acting(same[0].at)
            drafts = [one.draft for one in same]
            if events := [one for one in drafts if isinstance(one, EventDraft)]:
                self.bulk.plan_events(actor, drafts=events)
            if evaluations := [one for one in drafts if isinstance(one, EvaluationDraft)]:
                self.bulk.freeze_evaluations(actor, drafts=evaluations)

    def _read(
        self, kind: Kind, team: Team, there: Sequence[Dweller], day: date, draw: Draw
    ) -> None:
        """Write, on some days, that a referent's colleague read a record before writing."""
        present = [one for one in there if one.is_everyday(day)]
        readers = team.at_work(kind.referent, "afternoon", day)
        if not present or not readers or not draw.happens(READINGS_PERCENT):
            return
        seen = draw.choice(present)
        reachable = [one for one in readers if one.unit in (None, seen.unit)]
        if reachable:
            reader = draw.choice(reachable).acting(instant(day, READ_AT))
            self.bulk.read(reader, "record.facts", {seen.person.subject_id: set(READABLE)})


def _room(system: Actor, unit: Unit, floor: int, place: int) -> Room:
    return actions.create_room(system, unit=unit, name=f"{floor + 1}{place + 1:02d}")
