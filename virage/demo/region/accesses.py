"""Who leaves, whom a person objects to, and who knew in an emergency, in an operator."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, time, timedelta

from virage.demo.draw import Draw
from virage.demo.house import instant
from virage.demo.region.dwellers import Calendars, Dweller, Past
from virage.demo.region.staff import Colleague
from virage.demo.seeds.access import REASON, mail_has_left, open_in_emergency
from virage.directory.actions.leaving import leave, open_works
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Review
from virage.persons.actions import raise_restriction, review_opening

DEPARTURES, OBJECTIONS, HOMES = 2, 2, 6
LAST_DAY_IN = (9, 24)
DECIDED_AT, OPENED_AT = time(17, 45), time(20, 50)
# One of this week, and one of the week before, which the direction has reviewed.
OPENED_DAYS_AGO = ((1, 4), (9, 12))
REVIEWED_AFTER_DAYS = 5
EMERGENCIES = (
    (
        "fall",
        "Chute dans la salle de bain, aucune infirmière sur place ce soir : traitement à lire.",
    ),
    ("state", "Somnolence inhabituelle au coucher, appelée par l’équipe du soir."),
    ("medicine", "Doute sur la dose du soir : ordonnance à relire avant de la donner."),
    ("transfer", "Départ aux urgences : antécédents à dire au médecin régulateur."),
)


@dataclass
class Accesses:
    """Writes them by the actions themselves; nothing of it touches those who sign in (`kept`)."""

    director: Colleague
    houses: Sequence[Past]
    kept: Sequence[Colleague]
    days: Calendars
    draw: Draw
    _leaving: list[Colleague] = field(default_factory=list)

    def write(self) -> None:
        """Write them; all that is told before is in the database already."""
        for house in self.houses[:DEPARTURES]:
            self._depart(house)
        for house in self.houses[:OBJECTIONS]:
            self._object(house)
        for house in self.houses[:HOMES]:
            for span in OPENED_DAYS_AGO if house.kind.is_home else ():
                self._open(house, self.draw.randint(*span))
        mail_has_left()

    def _staying(self, house: Past) -> list[Colleague]:
        """Return the referents' colleagues who neither sign in nor are to leave."""
        return [
            one
            for one in house.team.colleagues
            if one.post.profession == house.kind.referent
            and one.contract.ends_on is None
            and one not in (*self.kept, *self._leaving)
        ]

    def _depart(self, house: Past) -> None:
        """Note that someone with open work leaves soon, and that a colleague takes over."""
        last_day = self.days.today + timedelta(days=self.draw.randint(*LAST_DAY_IN))
        for leaver in self._staying(house):
            heirs = [
                one for one in self._staying(house) if one is not leaver and one.unit == leaver.unit
            ]
            if heirs and open_works(leaver.professional, last_day):
                self._leaving.append(leaver)
                leave(
                    self._deciding(2),
                    professional=leaver.professional,
                    last_day=last_day,
                    heir=heirs[0].professional,
                )
                return

    def _object(self, house: Past) -> None:
        """Close a record to someone who neither follows the person nor leaves."""
        for one in self._there(house, self.days.today):
            followers = one.person.subject.referents.values_list("professional_id", flat=True)
            others = [each for each in self._staying(house) if each.unit in (None, one.unit)]
            free = [each for each in others if each.professional.pk not in set(followers)]
            if free:
                raise_restriction(
                    self._deciding(1),
                    person=one.person,
                    professional=free[-1].professional,
                    reason=REASON,
                )
                return

    def _open(self, house: Past, back: int) -> None:
        """Have a nurse of another establishment open, one evening, a record of a home."""
        day = self.days.today - timedelta(days=back)
        nurses = [
            one
            for other in self.houses
            if other is not house
            for one in other.team.at_work("nurse", "evening", day)
        ]
        there = self._there(house, day)
        if not nurses or not there:
            return
        asking = self.draw.choice(nurses).acting(instant(day, OPENED_AT))
        motive, reason = self.draw.choice(EMERGENCIES)
        person = self.draw.choice(there).person
        opening = open_in_emergency(asking, person, motive, reason)
        if back > REVIEWED_AFTER_DAYS:
            reviewing = self._deciding(back - REVIEWED_AFTER_DAYS)
            review_opening(reviewing, opening=opening, review=Review.ACCEPTED, word="")

    def _there(self, house: Past, day: date) -> list[Dweller]:
        return [
            one for one in house.dwellers if one.passage.exited_on is None and one.is_everyday(day)
        ]

    def _deciding(self, back: int) -> Actor:
        return self.director.acting(instant(self.days.today - timedelta(days=back), DECIDED_AT))
