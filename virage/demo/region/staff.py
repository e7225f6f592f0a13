"""Who works in an establishment of the region, from when to when, and who is there on a day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from virage.demo import people
from virage.demo.draw import Draw
from virage.demo.house import instant
from virage.demo.region.plan import FRIDAY, Kind, Post, is_working_day, with_key
from virage.demo.texts import Moment
from virage.directory import actions
from virage.directory.models import Establishment, Membership, Professional, Unit
from virage.directory.queries import actor_of
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach

TENURE_DAYS = 1900
UNFILLED_DAYS = (0, 35)
LONG_LEAVE_YEARLY = 9  # percent of the staff
LONG_LEAVE_DAYS = (60, 170)
REPLACED_PERCENT = 80
NOTICE_DAYS = 45
BORN_FROM, BORN_TO = 1964, 2001
FEMALE_PERCENT = 80
SIGNED_AT = time(9, 10)
DAY: tuple[Moment, ...] = ("morning", "noon", "afternoon")
EARLY: tuple[Moment, ...] = ("morning", "noon")
LATE: tuple[Moment, ...] = ("afternoon", "evening")
# The long week and the short one, by turns: Monday is 0.
LONG_WEEK = {0, 1, 4, 5, 6}


@dataclass(frozen=True, kw_only=True)
class Contract:
    """From when to when someone holds a post; a replacement has its end from the start."""

    starts_on: date
    ends_on: date | None
    off: frozenset[int]
    is_replacement: bool = False


@dataclass(frozen=True, kw_only=True, eq=False)
class Colleague:
    """A member of the staff in one post; `unit` is none when the post is the whole house's."""

    membership: Membership
    actor: Actor
    post: Post
    rank: int
    unit: Unit | None
    contract: Contract

    @property
    def professional(self) -> Professional:
        return self.membership.professional

    def acting(self, at: datetime) -> Actor:
        """Return who acts at this instant."""
        return replace(self.actor, at=at)

    def is_employed_on(self, day: date) -> bool:
        """Whether the contract runs that day."""
        ends_on = self.contract.ends_on
        return self.contract.starts_on <= day and (ends_on is None or day <= ends_on)

    def moments_on(self, day: date) -> tuple[Moment, ...]:
        """Return the moments worked that day; none out of contract, on leave, on rest days."""
        if not self.is_employed_on(day) or day.toordinal() in self.contract.off:
            return ()
        match self.post.pattern:
            case "week":
                return DAY if is_working_day(day) else ()
            case "evenings":
                return LATE if day.weekday() < FRIDAY else ()
        week = (day.toordinal() - 1) // 7
        is_long = (week + self.rank) % 2 == 0
        if (day.weekday() in LONG_WEEK) != is_long:
            return ()
        if self.post.pattern == "nights":
            return ("night",)
        return EARLY if (self.rank // 2 + week + day.weekday() // 3) % 2 else LATE


@dataclass
class Team:
    """The staff of an establishment, those who left included."""

    colleagues: list[Colleague] = field(default_factory=list)
    _days: dict[date, dict[tuple[str, Moment], list[Colleague]]] = field(default_factory=dict)

    def at_work(
        self, profession: str, moment: Moment, day: date, unit: Unit | None = None
    ) -> list[Colleague]:
        """Return who works as that at that moment, for this unit if one is given."""
        there = self._days.get(day)
        if there is None:
            there = self._days[day] = {}
            for one in self.colleagues:
                for each in one.moments_on(day):
                    there.setdefault((one.post.profession, each), []).append(one)
        found = there.get((profession, moment), [])
        return [one for one in found if unit is None or one.unit in (None, unit)]

    def followers(self, profession: str, unit: Unit, day: date) -> list[Colleague]:
        """Return who may be a referent in this unit from that day on: no replacement."""
        return [
            one
            for one in self.colleagues
            if one.post.profession == profession
            and one.unit in (None, unit)
            and one.is_employed_on(day)
            and not one.contract.is_replacement
        ]


@dataclass
class Hiring:
    """Hires the staff of an operator; RPPS numbers are invented, with a right key."""

    system: Actor
    installed_on: date
    first: date
    today: date
    draw: Draw
    rpps: Iterator[int]

    def team(
        self, kind: Kind, establishment: Establishment, units: Sequence[tuple[Unit, int]]
    ) -> Team:
        """Hire who works in an establishment; `units` tells how many places each has."""
        team = Team()
        for post in kind.posts:
            house: list[tuple[Unit | None, int]] = [(None, sum(count for _, count in units))]
            for unit, count in units if post.in_unit else house:
                for rank in range(max(post.at_least, round(count / post.places_each))):
                    for contract in self._holders():
                        team.colleagues.append(
                            self._hire(post, rank, contract, establishment, unit)
                        )
        return team

    def _holders(self) -> Iterator[Contract]:
        """Yield who holds a post one after the other, and who stands in for them."""
        starts_on = self.first - timedelta(days=self.draw.randint(20, 3000))
        until = self.first
        while starts_on <= self.today:
            ends_on = until + timedelta(days=round(self.draw.expovariate(1 / TENURE_DAYS)) + 40)
            left_on = ends_on if ends_on < self.today else None
            leave = self._long_leave(max(starts_on, self.first), left_on or self.today)
            off = self._days_off() | {day.toordinal() for day in leave}
            yield Contract(starts_on=starts_on, ends_on=left_on, off=frozenset(off))
            if leave and self.draw.happens(REPLACED_PERCENT):
                yield Contract(
                    starts_on=leave[0] + timedelta(days=self.draw.randint(1, 8)),
                    ends_on=leave[-1],
                    off=frozenset(),
                    is_replacement=True,
                )
            if left_on is None:
                return
            starts_on = until = left_on + timedelta(days=1 + self.draw.randint(*UNFILLED_DAYS))

    def _long_leave(self, starts_on: date, ends_on: date) -> list[date]:
        """Return the days of a long illness or of a maternity leave, most often none."""
        days = (ends_on - starts_on).days
        length = self.draw.randint(*LONG_LEAVE_DAYS)
        if days <= length + 20 or not self.draw.happens(LONG_LEAVE_YEARLY * days // 365):
            return []
        away = starts_on + timedelta(days=self.draw.randrange(10, days - length))
        return [away + timedelta(days=count) for count in range(length)]

    def _days_off(self) -> set[int]:
        """Return summer, winter and spring leave, and some days of illness, as ordinals."""
        off: set[int] = set()
        for year in range(self.first.year, self.today.year + 1):
            weeks = ((7, 1, 40, 19), (2, 10, 70, 7), (10, 20, 60, 7), (1, 5, 340, 4))
            for month, start, spread, length in weeks:
                first = date(year, month, start).toordinal() + self.draw.randrange(spread)
                off.update(range(first, first + length))
        return off

    def _hire(
        self,
        post: Post,
        rank: int,
        contract: Contract,
        establishment: Establishment | None,
        unit: Unit | None,
        reach: Reach = Reach.ESTABLISHMENT,
    ) -> Colleague:
        day = max(contract.starts_on, self.installed_on)
        office = replace(self.system, at=instant(day, SIGNED_AT))
        professional = self._professional(office, post)
        membership = actions.open_membership(
            office,
            professional=professional,
            profession=post.profession,
            establishment=establishment,
            reach=Reach.UNITS if unit else reach,
            units=[unit] if unit else [],
            starts_on=contract.starts_on,
            ends_on=contract.ends_on if contract.is_replacement else None,
        )
        if contract.ends_on and not contract.is_replacement:
            told_on = max(day, contract.ends_on - timedelta(days=NOTICE_DAYS))
            office = replace(office, at=instant(told_on, SIGNED_AT))
            actions.end_membership(office, membership=membership, ends_on=contract.ends_on)
        return Colleague(
            membership=membership,
            actor=actor_of(membership, office.at),
            post=post,
            rank=rank,
            unit=unit,
            contract=contract,
        )

    def head(self, profession: str, titles: tuple[str, str], reach: Reach) -> Colleague:
        """Hire someone of the operator itself, who was there before and stays."""
        post = Post(profession=profession, titles=titles, pattern="week", places_each=1)
        since = self.installed_on - timedelta(days=1)
        contract = Contract(starts_on=since, ends_on=None, off=frozenset())
        return self._hire(post, 0, contract, None, None, reach)

    def _professional(self, office: Actor, post: Post) -> Professional:
        is_female = self.draw.happens(FEMALE_PERCENT)
        year = self.draw.randint(BORN_FROM, BORN_TO)
        names = people.names()
        generation = next(one for one in names.generations if one.born_to >= year)
        return actions.create_professional(
            office,
            family_name=self.draw.choice(names.family_names),
            given_name=self.draw.choice(generation.female if is_female else generation.male),
            civility="MME" if is_female else "M",
            rpps=with_key(f"89990{next(self.rpps):05d}") if post.has_rpps else "",
            profession_name=post.titles[is_female],
        )
