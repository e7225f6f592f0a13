"""The invented region: its operators, its kinds of establishments, who works and lives there."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from virage.demo.people import FOLDER, Names, Profile, Sourced, Town, names
from virage.demo.texts import Moment
from virage.foundation.content.loader import read
from virage.foundation.national_numbers import is_luhn_valid

HERE = FOLDER / "region"
FRIDAY = 4  # Monday is 0
AFTER_EASTER = (1, 39, 50)  # days: the Monday, Ascension Day, Whit Monday
Pattern = Literal["week", "evenings", "turns", "nights"]


@dataclass(frozen=True)
class Places(Sourced):
    """Real towns of the region, from which invented streets and houses take their address."""

    towns: tuple[Town, ...]


@dataclass(frozen=True)
class House:
    """An establishment to create: its kind, its name, its town, how many it receives."""

    kind: str
    name: str
    town: str
    places: int


@dataclass(frozen=True)
class Body:
    """An operator to create; `density` is the share (percent) of what its kinds give to tell,
    `files` that of the persons whose record holds a plan and documents.
    """

    key: str
    name: str
    siren: str
    houses: tuple[House, ...] = ()
    density: int = 100
    files: int = 2


@dataclass(frozen=True)
class Bodies(Sourced):
    """Every operator of the region."""

    operators: tuple[Body, ...]


@dataclass(frozen=True)
class Post:
    """A kind of post: how many work there for so many places, in each unit or for the house.

    `pattern` says when: the days of the week, afternoons and evenings from Monday to Thursday, one
    week long and one short by turns, or such nights. Titles are the masculine and the feminine.
    """

    profession: str
    titles: tuple[str, str]
    pattern: Pattern
    places_each: int
    in_unit: bool = False
    at_least: int = 1
    has_rpps: bool = False


@dataclass(frozen=True)
class UnitShare:
    """A unit of an establishment of this kind: its share (percent) of the places."""

    name: str
    profile: str
    share: int
    reception_modes: dict[str, int]


@dataclass(frozen=True)
class Kind:
    """A kind of establishment: its days, its units, its staff, and of how many it tells what.

    `told` is the share (per thousand) of the persons present of whom something is told at that
    moment of an open day; `weekend` the percentage of it told on Saturday and Sunday.
    """

    key: str
    code: str
    usager_word: str
    is_home: bool
    closes: tuple[str, ...]
    weekend: int
    units: tuple[UnitShare, ...]
    posts: tuple[Post, ...]
    told: dict[Moment, int]
    referent: str


@dataclass(frozen=True)
class Kinds(Sourced):
    """All the kinds of establishments."""

    kinds: tuple[Kind, ...]


@dataclass(frozen=True)
class Exit:
    """A way to leave: code of the published list, words, weight."""

    code: str
    label: str
    weight: int
    is_death: bool = False


@dataclass(frozen=True)
class Course:
    """How a life goes through a unit: ages, delays and durations in days, ways to leave.

    `traits` are drawn once, one of each table by weight ("" is none of them); `words` too. Both
    stay true of a person for ever.
    """

    profile: Profile
    entry_age: tuple[int, int]
    entered_days_ago: tuple[int, int]
    stay_days: int
    vacant_days: tuple[int, int]
    waiting_days: tuple[int, int]
    exits: tuple[Exit, ...]
    traits: tuple[dict[str, int], ...]
    words: dict[str, tuple[str, ...]]
    weight_kg: tuple[int, int]
    until_age: int = 130


@dataclass(frozen=True)
class Courses(Sourced):
    """Who lives or comes where, by unit."""

    courses: tuple[Course, ...]


@dataclass(frozen=True)
class Span:
    """Days of every year, both included, as (month, day); it may run over the new year."""

    first: tuple[int, int]
    last: tuple[int, int]

    def holds(self, day: date) -> bool:
        """Whether a day is one of these."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True)
class Calendar(Sourced):
    """When establishments close: public holidays, and spans of the year by name."""

    public_holidays: tuple[tuple[int, int], ...]
    closures: dict[str, tuple[Span, ...]]


@cache
def towns() -> dict[str, Town]:
    """Return the real towns of the region by name."""
    return {town.name: town for town in read(HERE / "places.yaml", Places).towns}


@cache
def stock() -> Names:
    """Return the stock of names, with the towns of the region as places to live and be born."""
    stock = names()
    return Names(**{**vars(stock), "towns": tuple(towns().values())})


@cache
def bodies() -> tuple[Body, ...]:
    """Return the operators of the region."""
    return read(HERE / "bodies.yaml", Bodies).operators


@cache
def kinds() -> dict[str, Kind]:
    """Return the kinds of establishments by key."""
    return {kind.key: kind for kind in read(HERE / "kinds.yaml", Kinds).kinds}


@cache
def courses() -> dict[str, Course]:
    """Return how lives go, by profile."""
    found = read(HERE / "courses.yaml", Courses).courses
    return {course.profile.key: course for course in found}


@cache
def calendar() -> Calendar:
    """Return when establishments close."""
    return read(HERE / "calendar.yaml", Calendar)


@cache
def easter(year: int) -> date:
    """Return Easter Sunday (the rule of Meeus, Jones and Butcher, Gregorian calendar)."""
    century, rest = divmod(year, 100)
    moon = (
        19 * (year % 19) + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15
    ) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    month, day = divmod(moon + week - 7 * ((year % 19 + 11 * moon + 22 * week) // 451) + 114, 31)
    return date(year, month, day + 1)


def is_public_holiday(day: date) -> bool:
    """Whether it is a holiday of every year, Easter Monday, Ascension Day or Whit Monday."""
    return (day.month, day.day) in calendar().public_holidays or (
        day - easter(day.year)
    ).days in AFTER_EASTER


def is_working_day(day: date) -> bool:
    """Whether offices are open: neither Saturday, nor Sunday, nor a public holiday."""
    return day.weekday() <= FRIDAY and not is_public_holiday(day)


def is_open(kind: Kind, day: date) -> bool:
    """Whether an establishment of this kind works that day."""
    if kind.weekend == 0 and day.weekday() > FRIDAY:
        return False
    if not kind.closes:
        return True
    closed = [span for name in kind.closes for span in calendar().closures[name]]
    return not is_public_holiday(day) and not any(span.holds(day) for span in closed)


def with_key(digits: str) -> str:
    """Return digits with the last one that makes Luhn's formula right: FINESS, SIRET, RPPS."""
    return next(f"{digits}{key}" for key in range(10) if is_luhn_valid(f"{digits}{key}"))
