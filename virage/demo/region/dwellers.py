"""Who lives or comes in an establishment of the region: entries, exits, places, deaths."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from virage.demo import people
from virage.demo.bulk import Bulk
from virage.demo.characters import Cast, Character
from virage.demo.draw import Draw
from virage.demo.house import coded, instant
from virage.demo.region.plan import Course, Exit, Kind, is_open, is_working_day
from virage.demo.region.staff import Colleague, Team
from virage.demo.region.voices import YEAR, Voice
from virage.demo.seeds.surroundings import Surroundings
from virage.demo.texts import Moment
from virage.directory.models import Establishment, Room, Unit
from virage.foundation.access.actor import Actor
from virage.persons.enums import InsOid, ReceptionMode
from virage.persons.models import Contact, Person, Stay

ENTERED_AT, EXITED_AT, NAMED_AT = time(9, 30), time(16, 40), time(11, 20)
TEMPORARY_DAYS, TEMPORARY_WAITING_DAYS = (14, 75), (8, 45)
TEMPORARY_EXIT = Exit("160849004", "Fin du séjour temporaire, retour au domicile", 1)
# A child goes at the end of a school year, and the next one comes at the start of another.
LAST_SCHOOL_DAY, FIRST_SCHOOL_DAY = (7, 3), (9, 2)
SHORTEST_STAY = 25
COMING_DAYS = 20
FROM_HOSPITAL, OTHERWISE = "107724000", "GEN-092.06.07"
NEVER = date.max


@dataclass(frozen=True, kw_only=True)
class Place:
    """A place of a unit, with its room where one sleeps there; one person at a time."""

    unit: Unit
    course: Course
    mode: str
    room: Room | None


@dataclass(frozen=True, kw_only=True)
class Passage:
    """Someone's time in a place; without an end it goes on, and it may be to come."""

    place: Place
    born_on: date
    entered_on: date
    exited_on: date | None
    exit: Exit | None


@dataclass(kw_only=True, eq=False)
class Dweller:
    """Someone in her stay; `quiet` and `taken` are days (ordinals) of hers.

    Nothing everyday is told of her on the first ones, no other story begins on the second ones.
    """

    person: Person
    stay: Stay
    passage: Passage
    voice: Voice
    quiet: set[int] = field(default_factory=set)
    taken: set[int] = field(default_factory=set)

    @property
    def unit(self) -> Unit:
        return self.passage.place.unit

    @property
    def entered_on(self) -> date:
        return self.passage.entered_on

    @property
    def last_day(self) -> date:
        """The day of exit, on which the last transmission is written; none is the end of time."""
        return self.passage.exited_on or NEVER

    def is_everyday(self, day: date) -> bool:
        """Whether the day is like another: neither entry nor exit, nor away, nor ill."""
        return self.entered_on < day < self.last_day and day.toordinal() not in self.quiet


@dataclass
class Calendars:
    """The two years that are told, until yesterday; `installed_on` is when the site began."""

    first: date
    today: date

    @property
    def installed_on(self) -> date:
        return self.first - timedelta(days=7)


@dataclass
class Past:
    """What is told of an establishment is drawn from this; `density` is a share (percent)."""

    kind: Kind
    density: int
    team: Team
    dwellers: Sequence[Dweller]
    days: Calendars
    draw: Draw


@dataclass
class Passages:
    """Draws who goes through each place of an establishment, one after the other."""

    kind: Kind
    days: Calendars
    draw: Draw

    def through(self, place: Place) -> Iterator[Passage]:
        """Yield everyone who was in a place in the time told, and who is about to come."""
        course, first = place.course, self.days.first
        ago = self.draw.randint(*course.entered_days_ago)
        entered_on = self._entry(first - timedelta(days=ago), before=first)
        if place.mode == ReceptionMode.TEMPORARY:
            entered_on = self._entry(first + timedelta(days=self.draw.randint(1, 20)))
        while entered_on < self.days.today + timedelta(days=COMING_DAYS):
            passage = self._passage(place, entered_on)
            yield passage
            if passage.exited_on is None:
                return
            vacant = self.draw.randint(*course.vacant_days)
            entered_on = self._entry(passage.exited_on + timedelta(days=vacant))

    def _passage(self, place: Place, entered_on: date) -> Passage:
        course = place.course
        age = self.draw.randint(*course.entry_age) + self.draw.random()
        born_on = entered_on - timedelta(days=round(age * YEAR))
        chosen = self._exit(place)
        if place.mode == ReceptionMode.TEMPORARY:
            left_on = entered_on + timedelta(days=self.draw.randint(*TEMPORARY_DAYS))
        else:
            since = max(entered_on, self.days.first)
            left_on = since + timedelta(
                days=SHORTEST_STAY + round(self.draw.expovariate(1 / course.stay_days))
            )
        left_on = self._exit_day(min(left_on, self._age_limit(course, born_on)), chosen)
        is_over = entered_on + timedelta(days=5) < left_on < self.days.today
        return Passage(
            place=place,
            born_on=born_on,
            entered_on=entered_on,
            exited_on=left_on if is_over else None,
            exit=chosen if is_over else None,
        )

    def _exit(self, place: Place) -> Exit:
        if place.mode == ReceptionMode.TEMPORARY:
            return TEMPORARY_EXIT
        exits = place.course.exits
        return self.draw.choices(exits, [one.weight for one in exits])[0]

    def _age_limit(self, course: Course, born_on: date) -> date:
        if course.until_age >= 100:
            return NEVER
        reached = date(born_on.year + course.until_age, *LAST_SCHOOL_DAY)
        return max(reached, self.days.first + timedelta(days=SHORTEST_STAY))

    def _exit_day(self, day: date, chosen: Exit) -> date:
        """Return the day of exit: a death comes when it comes, a departure on an open day."""
        if chosen.is_death or day > self.days.today:
            return day
        if "school" in self.kind.closes and day.month not in (1, 2, 3):
            day = date(day.year, *LAST_SCHOOL_DAY)
        while not (is_working_day(day) and is_open(self.kind, day)):
            day -= timedelta(days=1)
        return day

    def _entry(self, day: date, before: date = NEVER) -> date:
        """Return the first open working day from that one on, or the last one before a limit."""
        if "school" in self.kind.closes and (day.month, day.day) > LAST_SCHOOL_DAY:
            day = max(day, date(day.year, *FIRST_SCHOOL_DAY))
        while not (is_working_day(day) and is_open(self.kind, day)):
            day += timedelta(days=1)
        while day >= before or not is_working_day(day):
            day -= timedelta(days=1)
        return day


@dataclass
class Settling:
    """Writes the persons of an establishment, their stays and their referents."""

    kind: Kind
    establishment: Establishment
    plan: people.EstablishmentPlan
    team: Team
    system: Actor
    days: Calendars
    cast: Cast
    draw: Draw
    bulk: Bulk
    _count: int = 0

    def settle(self, passage: Passage) -> Dweller | None:
        """Write someone with all that surrounds her; None of who is still to come."""
        self._count += 1
        with self.bulk.holding():
            dweller = self._write(passage)
        return None if passage.entered_on >= self.days.today else dweller

    def _write(self, passage: Passage) -> Dweller:
        place = passage.place
        character = self._character(passage)
        is_coming = passage.entered_on >= self.days.today
        day = self.days.today - timedelta(days=1) if is_coming else passage.entered_on
        office = self._office(day, ENTERED_AT)
        stay = self._stay(passage, character)
        person = self.bulk.create_person(
            office,
            traits=character.traits,
            stay=stay,
            ins_value=character.ins_value,
            ins_oid=InsOid.TEST if character.ins_value else "",
        )
        items = Surroundings(self.cast, self.draw).items(office.today, character)
        self.bulk.add_surroundings(office, person=person, items=items)
        contacts = [one for one in items if isinstance(one, Contact)]
        also = (place.course.profile.key, place.mode, place.unit.name)
        voice = Voice.of(place.course, character.traits, contacts, self.draw, also=also)
        if not is_coming:
            self._name_referents(passage, person)
        if passage.exited_on and passage.exit:
            self._close(person, stay, passage.exited_on, passage.exit)
        return Dweller(person=person, stay=stay, passage=passage, voice=voice)

    def _office(self, day: date, at: time) -> Actor:
        """Return who writes for the office that day; what came before the site was taken over."""
        if day < self.days.first:
            return replace(self.system, at=instant(self.days.installed_on, at))
        moment: Moment = "morning" if at < time(12) else "afternoon"
        there = self.team.at_work("secretary", moment, day)
        acting = replace(self.system, at=instant(day, at))
        return there[0].acting(acting.at) if there else acting

    def _character(self, passage: Passage) -> Character:
        course = passage.place.course
        traits = self.cast.drawn(course.profile, passage.born_on)
        has_ins = self.draw.happens(course.profile.ins_percent)
        return Character(
            plan=self.plan,
            unit=self.plan.units[0],
            profile=course.profile,
            traits=traits,
            ins_value=self.cast.nir_of(traits) if has_ins else "",
            reception_mode=passage.place.mode,
            entered_on=passage.entered_on,
            exited_on=passage.exited_on,
        )

    def _stay(self, passage: Passage, character: Character) -> Stay:
        """Return the stay as it is opened; the place was asked for well before."""
        place = passage.place
        origin = self.draw.choice(place.course.profile.origin)
        is_temporary = place.mode == ReceptionMode.TEMPORARY
        waiting = TEMPORARY_WAITING_DAYS if is_temporary else place.course.waiting_days
        waited = timedelta(days=self.draw.randint(*waiting))
        decided = self.draw.randint(3, 20) if waited.days > 30 else 3
        stay = Stay(
            establishment=self.establishment,
            unit=place.unit,
            room=place.room,
            file_number=f"{self.kind.key.upper()}-{self._count:04d}",
            reception_mode=place.mode,
            entry_mode=coded(
                "stay_entry_mode", FROM_HOSPITAL if origin == "Hôpital" else OTHERWISE
            ),
            origin_name=origin,
            comment=f"Demande reçue {waited.days} jours avant l’entrée.",
        )
        if passage.entered_on >= self.days.today:
            stay.planned_entry_on = passage.entered_on
            stay.admitted_on = self.days.today - timedelta(days=decided)
        else:
            stay.entered_on = passage.entered_on
            stay.admitted_on = passage.entered_on - timedelta(days=decided)
        if is_temporary:
            planned = passage.exited_on or passage.entered_on + timedelta(days=TEMPORARY_DAYS[1])
            stay.planned_exit_on = planned
        return stay

    def _name_referents(self, passage: Passage, person: Person) -> None:
        """Name who follows her: one, then another when the first one leaves."""
        day, last = max(passage.entered_on, self.days.installed_on), passage.exited_on or NEVER
        while day <= min(last, self.days.today - timedelta(days=1)):
            there = self.team.followers(self.kind.referent, passage.place.unit, day)
            if not there:
                day += timedelta(days=7)
                continue
            day = self._name(there, person, day, last) + timedelta(days=1)

    def _name(self, there: list[Colleague], person: Person, day: date, last: date) -> date:
        """Name one of those who are there; return until when she follows the person."""
        chosen = there[self._count % len(there)]
        referent = self.bulk.name_referent(
            self._referee(day), person=person, professional=chosen.professional, starts_on=day
        )
        until = min(last, chosen.contract.ends_on or NEVER)
        if until < self.days.today:
            self.bulk.end_referent(self._referee(until), referent=referent, ends_on=until)
        return until if until < NEVER else self.days.today

    def _referee(self, day: date) -> Actor:
        return self._office(max(day, self.days.installed_on), NAMED_AT)

    def _close(self, person: Person, stay: Stay, day: date, chosen: Exit) -> None:
        office = self._office(day, EXITED_AT)
        if chosen.is_death:
            self.bulk.note_death(office, person=person, died_at=self._death(day))
        self.bulk.close_stay(
            office,
            stay=stay,
            exited_on=day,
            exit_mode=coded("stay_exit_mode", chosen.code),
            exit_label=chosen.label,
        )

    def _death(self, day: date) -> datetime:
        """Return an hour of the night, as the transmission of the next morning tells."""
        return instant(day, time(self.draw.randint(1, 4), self.draw.randrange(60)))
