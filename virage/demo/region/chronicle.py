"""What is told in an establishment of the region: the stories of each one, and everyday life."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from virage.demo.house import instant
from virage.demo.region.dwellers import Dweller, Past
from virage.demo.region.plan import is_open, is_working_day
from virage.demo.region.staff import Colleague
from virage.demo.region.wording import NoteGroup, Step, Story, everyday, stories
from virage.demo.texts import Moment
from virage.foundation.access.enums import Volet

# Local hours between which what happened at a moment took place; a night ends the next day.
MOMENTS: dict[Moment, tuple[time, time]] = {
    "morning": (time(7, 20), time(11, 45)),
    "noon": (time(12, 20), time(13, 45)),
    "afternoon": (time(14, 10), time(17, 40)),
    "evening": (time(18, 30), time(21, 15)),
    "night": (time(22, 15), time(6, 10)),
}
OFFICE_OPENS = time(8, 45)
TRIES = 4
PUT_OFF_DAYS = 6
SETTLED_DAYS = 12
BETWEEN_STEPS = (6, 40)


@dataclass(frozen=True, kw_only=True)
class Telling:
    """A transmission to write."""

    colleague: Colleague
    dweller: Dweller
    volet: Volet
    text: str
    happened_at: datetime
    moment: Moment


@dataclass
class Chronicle(Past):
    """Tells the days of an establishment."""

    _steps: dict[date, list[Telling]] = field(default_factory=dict)
    _choices: dict[tuple[Dweller, Moment], tuple[list[NoteGroup], list[int]]] = field(
        default_factory=dict
    )

    def __post_init__(self) -> None:
        for dweller in self.dwellers:
            for moment in MOMENTS:
                suiting = [
                    group
                    for group in everyday(self.kind.key)
                    if group.moment == moment and dweller.voice.suits(group.needs, group.unless)
                ]
                if suiting:
                    weights = [group.weight for group in suiting]
                    self._choices[dweller, moment] = suiting, weights
            self._unfold(dweller)

    def of(self, day: date) -> Iterator[Telling]:
        """Yield what is told of a day."""
        yield from self._steps.pop(day, ())
        if not is_open(self.kind, day):
            return
        share = self.density / 100_000
        if day.weekday() >= 5:
            share *= self.kind.weekend / 100
        there = [one for one in self.dwellers if one.is_everyday(day)]
        for moment, permille in self.kind.told.items():
            present = [one for one in there if (one, moment) in self._choices]
            if moment == "night":
                present = self._overnight(present, day)
            count = int(len(present) * permille * share + self.draw.random())
            for dweller in self.draw.sample(present, min(count, len(present))):
                yield from self._everyday(dweller, moment, day)

    def _overnight(self, present: list[Dweller], day: date) -> list[Dweller]:
        """Return who is still there in the morning: a night is told then, except today's."""
        next_day = day + timedelta(days=1)
        if next_day >= self.days.today or not is_open(self.kind, next_day):
            return []
        return [one for one in present if one.is_everyday(next_day)]

    def _everyday(self, dweller: Dweller, moment: Moment, day: date) -> Iterator[Telling]:
        """Yield one transmission, if someone is there who may write one that suits."""
        groups, weights = self._choices[dweller, moment]
        for group in self.draw.choices(groups, weights, k=TRIES):
            if not _is_of_day(group, day):
                continue
            profession = self.draw.choice(group.professions)
            if writers := self._writers(profession, moment, day, dweller):
                text = self.draw.fresh(group.texts, dweller.voice.told)
                if group.then and self.draw.random() < 0.5:
                    text += self.draw.choice(group.then)
                colleague = self.draw.choice(writers)
                at = self._hour(moment, day, colleague, group.between)
                yield self._telling(dweller, colleague, group.volet, text, moment, at)
                return

    def _unfold(self, dweller: Dweller) -> None:
        """Place what befalls someone: how she leaves, how she comes, then the rest."""
        mine = [one for one in stories(self.kind.key) if dweller.voice.suits(one.needs, one.unless)]
        for one in [each for each in mine if each.at == "exit"]:
            may = self._leaves_so(dweller, one) and self.draw.happens(one.yearly)
            if may and self._place(dweller, one, dweller.last_day):
                break
        for one in [each for each in mine if each.at == "entry"]:
            if dweller.entered_on >= self.days.first and self.draw.happens(one.yearly):
                self._place(dweller, one, dweller.entered_on)
        for one in [each for each in mine if each.at == "birthday"]:
            for day in self._birthdays(dweller):
                if self.draw.happens(one.yearly):
                    self._place(dweller, one, day)
        for one in [each for each in mine if each.at == "any"]:
            for day in self._chances(dweller, one):
                self._place(dweller, one, day)

    def _leaves_so(self, dweller: Dweller, story: Story) -> bool:
        chosen = dweller.passage.exit
        return chosen is not None and chosen.is_death == story.of_death

    def _birthdays(self, dweller: Dweller) -> Iterator[date]:
        born_on = dweller.voice.born_on
        for year in range(self.days.first.year, self.days.today.year + 1):
            day = date(year, born_on.month, min(born_on.day, 28))
            if dweller.entered_on + timedelta(days=2) < day < dweller.last_day:
                yield day

    def _chances(self, dweller: Dweller, story: Story) -> Iterator[date]:
        """Yield the days on which a story begins, as many as a year gives on average."""
        first = max(dweller.entered_on + timedelta(days=SETTLED_DAYS), self.days.first)
        length = (min(dweller.last_day, self.days.today) - first).days
        expected = max(0, length) * story.yearly / 36_500
        for _ in range(int(expected + self.draw.random())):
            for _ in range(TRIES * 3):
                day = first + timedelta(days=self.draw.randrange(length))
                if story.months and day.month not in story.months:
                    continue
                if story.weekday is not None:
                    day += timedelta(days=(story.weekday - day.weekday()) % 7)
                if is_open(self.kind, day):
                    yield day
                    break

    def _place(self, dweller: Dweller, story: Story, start: date) -> bool:
        """Tell a story from this day; nothing of it where a step finds no place or writer."""
        away = self.draw.randint(*story.away) if story.away else 0
        planned = [(start + timedelta(days=one.day + away * one.back), one) for one in story.steps]
        first, last = planned[0][0], planned[-1][0]
        span = set(range(first.toordinal(), last.toordinal() + 1))
        before = max(dweller.entered_on, self.days.first)
        if first < before or last > dweller.last_day or span & dweller.taken:
            return False
        told = self._step_by_step(dweller, story, planned)
        if told is None:
            return False
        for telling, day in told:
            self._steps.setdefault(day, []).append(telling)
        gone = set(range(start.toordinal(), start.toordinal() + away + 1)) if away else set()
        dweller.taken |= span
        dweller.quiet |= gone | (span if story.alone else set())
        return True

    def _step_by_step(
        self, dweller: Dweller, story: Story, planned: Sequence[tuple[date, Step]]
    ) -> list[tuple[Telling, date]] | None:
        """Return the tellings of a story in order; None if one cannot be told.

        An arrival goes on without the step of someone who is not there that day.
        """
        told: list[tuple[Telling, date]] = []
        last = instant(planned[0][0], time())
        day = planned[0][0]
        for wanted, step in planned:
            is_of_that_day = self._is_of_that_day(story, step)
            put_off = timedelta(days=0 if is_of_that_day else PUT_OFF_DAYS)
            # What comes before a death is not told after it.
            ends_on = dweller.last_day - timedelta(days=story.of_death and step.day < 0)
            limit = min(ends_on, wanted + put_off)
            on = max(day, wanted)
            while not (writers := self._tellers(step, on, dweller)):
                on += timedelta(days=1)
                if on > limit:
                    break
            if not writers and is_of_that_day and story.at == "entry":
                continue
            day = on
            if not writers:
                # What is told of a day to come does not matter yet.
                return told if day >= self.days.today and told else None
            if day >= self.days.today - timedelta(days=step.moment == "night"):
                return told or None
            colleague = self.draw.choice(writers)
            at = self._hour(step.moment, day, colleague)
            at = max(at, last + timedelta(minutes=self.draw.randint(*BETWEEN_STEPS)))
            told.append(
                (self._telling(dweller, colleague, step.volet, step.text, step.moment, at), day)
            )
            last = at
        return told

    def _is_of_that_day(self, story: Story, step: Step) -> bool:
        """Whether a step tells who comes, who leaves, who is back: it is not put off."""
        moves = story.at in ("entry", "exit") or (step.back and self.kind.is_home)
        return step.day == 0 and moves

    def _tellers(self, step: Step, day: date, dweller: Dweller) -> list[Colleague]:
        """Return who may write a step of a story; people meet about projects on working days."""
        if step.volet == Volet.PROJECT and not is_working_day(day):
            return []
        return self._writers(step.profession, step.moment, day, dweller)

    def _writers(
        self, profession: str, moment: Moment, day: date, dweller: Dweller
    ) -> list[Colleague]:
        """Return who may write that: a night is told by who still works on the next day."""
        if not is_open(self.kind, day):
            return []
        there = self.team.at_work(profession, moment, day, dweller.unit)
        if moment == "night":
            return [one for one in there if one.is_employed_on(day + timedelta(days=1))]
        return there

    def _hour(
        self,
        moment: Moment,
        day: date,
        colleague: Colleague,
        between: tuple[time, time] | None = None,
    ) -> datetime:
        """Return when something took place; the small hours of a night are of the next day."""
        earliest, latest = between or MOMENTS[moment]
        if moment == "morning" and colleague.post.pattern == "week":
            earliest = max(earliest, OFFICE_OPENS)
        start, end = (
            instant(day + timedelta(days=moment == "night" and hour < time(12)), hour)
            for hour in (earliest, latest)
        )
        return start + timedelta(minutes=self.draw.randrange((end - start) // timedelta(minutes=1)))

    def _telling(
        self,
        dweller: Dweller,
        colleague: Colleague,
        volet: str,
        text: str,
        moment: Moment,
        at: datetime,
    ) -> Telling:
        return Telling(
            colleague=colleague,
            dweller=dweller,
            volet=Volet(volet),
            text=dweller.voice.said(text, at.date(), self.draw),
            happened_at=at,
            moment=moment,
        )


def _is_of_day(group: NoteGroup, day: date) -> bool:
    if group.months and day.month not in group.months:
        return False
    return group.days == "all" or (group.days == "weekday") == is_working_day(day)
