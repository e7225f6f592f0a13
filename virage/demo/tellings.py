"""What is told of whom, by whom and when: stories that unfold, and the small facts of each day."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from virage.demo import texts
from virage.demo.draw import Draw
from virage.demo.house import House, Seat, Usager, instant, is_working_day
from virage.foundation.access.enums import Volet

RECORDS_BY_STORY = 2
BETWEEN_STEPS = timedelta(minutes=6)
# Days left after the last step of a story, for those that a day off puts back.
SPARE_DAYS = 2
FRIDAY = 4


@dataclass(frozen=True, kw_only=True)
class Telling:
    """A transmission to write."""

    seat: Seat
    usager: Usager
    volet: Volet
    text: str
    happened_at: datetime


@dataclass
class Teller:
    """Draws what the records tell; nobody is told the same thing twice while there is another."""

    house: House
    usagers: Sequence[Usager]
    draw: Draw
    _told: dict[UUID, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _in_a_story: set[UUID] = field(default_factory=set)

    def tellings(self) -> list[Telling]:
        """Return everything that is told, in order of time."""
        everything = [*self._stories(), *self._daily()]
        return sorted(everything, key=lambda telling: telling.happened_at)

    def _stories(self) -> Iterator[Telling]:
        for story in texts.stories():
            heroes = [usager for usager in self.usagers if self._suits(story, usager)]
            for hero in self.draw.sample(heroes, min(RECORDS_BY_STORY, len(heroes))):
                self._in_a_story.add(hero.person.pk)
                yield from self._story(story, hero)

    def _suits(self, story: texts.Story, usager: Usager) -> bool:
        entered_on = usager.stay.entered_on
        days = self.house.days
        return (
            usager.key in story.establishments
            and (not story.units or usager.unit.name in story.units)
            and usager.person.pk not in self._in_a_story
            and entered_on is not None
            and (days[0] <= entered_on) == story.starts_at_entry
            and usager.is_there_on(days[-1])
            and story.steps[-1].day + SPARE_DAYS < len(days)
            and all(
                self.house.seats_for(step.profession, usager.establishment, usager.unit)
                for step in story.steps
            )
        )

    def _story(self, story: texts.Story, hero: Usager) -> Iterator[Telling]:
        """Yield the steps in order; one that would fall on a day off waits for the next day."""
        start = self._start(story, hero)
        last = instant(start, texts.WRITTEN_BETWEEN["night"][0])
        for step in story.steps:
            day = start + timedelta(days=step.day)
            while not is_working_day(day, step.profession, hero.key):
                day += timedelta(days=1)
            last = max(self._hour(day, step.moment), last + BETWEEN_STEPS)
            if last < instant(self.house.today, texts.WRITTEN_BETWEEN["night"][0]):
                seat = self.house.on_duty(step.profession, hero, last)
                yield self._telling(hero, step.volet, seat, step.text, last)

    def _start(self, story: texts.Story, hero: Usager) -> date:
        """Return a first day that leaves time for the rest and meets the fewest days off."""
        if story.starts_at_entry and hero.stay.entered_on:
            return hero.stay.entered_on
        last_step = story.steps[-1].day
        starts = self.house.days[: -(last_step + SPARE_DAYS)]

        def days_off(start: date) -> int:
            return sum(
                not is_working_day(start + timedelta(days=step.day), step.profession, hero.key)
                for step in story.steps
            )

        fewest = min(days_off(start) for start in starts)
        return self.draw.choice([start for start in starts if days_off(start) == fewest])

    def _daily(self) -> Iterator[Telling]:
        for bank in texts.note_banks():
            present = [usager for usager in self.usagers if usager.key in bank.establishments]
            for day in self.house.days:
                for moment, percent in bank.told_percent.items():
                    if moment == "night" and day == self.house.days[-1]:
                        continue  # told this morning, which the demo leaves to its visitor
                    for usager in present:
                        if _is_settled(usager, day) and self.draw.happens(percent):
                            yield from self._something(bank, usager, day, moment)

    def _something(
        self, bank: texts.NoteBank, usager: Usager, day: date, moment: texts.Moment
    ) -> Iterator[Telling]:
        """Yield one transmission, if someone works there at that time of day."""
        if usager.key != "ehpad" and moment in ("evening", "night") and day.weekday() == FRIDAY:
            return
        at = self._hour(day, moment)
        choices = {
            (group, profession): group.weight
            for group in bank.notes
            if group.moment == moment and (not group.units or usager.unit.name in group.units)
            for profession in group.professions
            if is_working_day(day, profession, usager.key)
            and self.house.on_duty(profession, usager, at, group.title)
        }
        if choices:
            drawn = self.draw.choices(list(choices), list(choices.values()))
            for group, profession in drawn:
                text = self.draw.fresh(group.texts, self._told[usager.person.pk])
                seat = self.house.on_duty(profession, usager, at, group.title)
                yield self._telling(usager, group.volet, seat, text, at)

    def _hour(self, day: date, moment: texts.Moment) -> datetime:
        """Return a time of writing in this time of day; a night is told on the next day."""
        earliest, latest = texts.WRITTEN_BETWEEN[moment]
        day += timedelta(days=moment == "night")
        length = instant(day, latest) - instant(day, earliest)
        return instant(day, earliest) + timedelta(
            minutes=self.draw.randrange(length // timedelta(minutes=1))
        )

    def _telling(
        self, usager: Usager, volet: str, seat: Seat | None, text: str, at: datetime
    ) -> Telling:
        if seat is None:
            raise ValueError(f"nobody may tell this in {usager.unit}: {text}")
        return Telling(
            seat=seat,
            usager=usager,
            volet=Volet(volet),
            text=usager.told(text, self.draw),
            happened_at=at,
        )


def _is_settled(usager: Usager, day: date) -> bool:
    """Whether the usager was there the day before too: a first day is told by its story."""
    return usager.is_there_on(day) and usager.is_there_on(day - timedelta(days=1))
