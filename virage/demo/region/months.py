"""The agenda of an establishment of the region, month after month, and what is evaluated there."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from typing import Any
from uuid import UUID

from virage.agenda.enums import EventStatus, Traveller
from virage.agenda.rules import EventDraft, TransportDraft
from virage.demo.house import coded, instant
from virage.demo.region import answered
from virage.demo.region.answered import ASKED_OF, frozen_columns
from virage.demo.region.chronicle import MOMENTS
from virage.demo.region.dwellers import Dweller, Past
from virage.demo.region.plan import is_open, is_working_day
from virage.demo.region.staff import Colleague
from virage.demo.region.wording import agenda
from virage.demo.texts import EvaluationPlan, EventPlan, Moment
from virage.formats.tddui.record import Answer
from virage.foundation.access.enums import Volet
from virage.instruments.enums import EvaluationStatus
from virage.instruments.rules.answers import EvaluationDraft

MONTH = timedelta(days=30)
CANCELLED_PERCENT = 7
CONFIRMED_PERCENT = 30
TRIES, EVENTS_A_DAY = 6, 4
REPORTING = timedelta(minutes=15)
PLANNED_AT, EVALUATED_AT = time(17, 30), time(15, 20)
EVALUATION = timedelta(minutes=15)
FIRST_EVALUATION_DAYS, BETWEEN_EVALUATIONS_DAYS = (12, 40), (170, 200)
WORSE_PERCENT = 22
# Of the ranks of autonomy, worst first, by how one moves.
GIR_WEIGHTS = {
    "fauteuil": (22, 62, 16, 0, 0),
    "deambulateur": (0, 24, 40, 34, 2),
    "canne": (0, 6, 26, 54, 14),
    "autonome": (0, 12, 20, 44, 24),
}
# Where autonomy and weight are followed, and how lately.
AUTONOMY_OF = ("ehpad", "fam")
WEIGHED_PERCENT, WEIGHED_DAYS_AGO = 60, (72, 42, 12)


@dataclass(frozen=True, kw_only=True)
class Planned:
    """Who entered an event or an evaluation, when, and what it is."""

    colleague: Colleague
    at: datetime
    draft: EventDraft | EvaluationDraft


@dataclass
class Months(Past):
    """Draws the events and the evaluations of an establishment, on working days.

    `_taken` is when each member of the staff, and each person, is at something already.
    """

    _taken: dict[tuple[UUID, date], list[tuple[datetime, datetime]]] = field(default_factory=dict)
    _gir: dict[Dweller, int] = field(default_factory=dict)

    def events(self) -> Iterator[Planned]:
        """Yield the events of each month told, and of the one to come."""
        month = self.days.first
        while month <= self.days.today:
            for plan in agenda().events:
                if self.kind.key in plan.establishments:
                    yield from self._month(plan, month)
            month += MONTH

    def _month(self, plan: EventPlan, month: date) -> Iterator[Planned]:
        units: dict[object, list[Dweller]] = {}
        for one in self.dwellers:
            is_there = one.entered_on <= month and month + MONTH <= one.last_day
            if is_there and self.draw.random() < plan.percent * self.density / 10_000:
                units.setdefault(one.unit.pk, []).append(one)
        groups = [each for one in units.values() for each in _shared_out(one, plan.group)]
        yield from self._events(plan, groups, month)

    def _events(
        self, plan: EventPlan, groups: Sequence[Sequence[Dweller]], month: date
    ) -> Iterator[Planned]:
        """Yield an event for each group: some a day, one after the other, as on a round."""
        every = (month + timedelta(days=count) for count in range(MONTH.days))
        days = [day for day in every if day != self.days.today and self._is_worked(day)]
        rounds = self.draw.sample(days, min(len(days), -(-len(groups) // EVENTS_A_DAY)))
        for rank, group in enumerate(groups if days else ()):
            others = self.draw.choices(days, k=TRIES)
            if event := self._event(plan, group, [rounds[rank % len(rounds)], *others]):
                yield event

    def _event(
        self, plan: EventPlan, group: Sequence[Dweller], days: Sequence[date]
    ) -> Planned | None:
        """Return an event on the first of these days when everyone is there, if there is one."""
        for day in days:
            if not all(one.is_everyday(day) for one in group):
                continue
            profession = self.draw.choice(plan.professions)
            there = self.team.at_work(profession, _moment(plan.at), day, group[0].unit)
            if not there:
                continue
            colleague = self.draw.choice(there)
            length = timedelta(minutes=plan.minutes)
            if starts_at := self._take(colleague, group, instant(day, plan.at), length):
                return self._planned(plan, group, starts_at, colleague)
        return None

    def _is_worked(self, day: date) -> bool:
        return is_working_day(day) and is_open(self.kind, day)

    def _take(
        self,
        colleague: Colleague,
        group: Sequence[Dweller],
        wanted_at: datetime,
        length: timedelta,
    ) -> datetime | None:
        """Take the first time, from that hour to the end of the half-day, when all are free.

        One appointment follows another; None where the half-day is full.
        """
        day = wanted_at.date()
        everyone = [colleague.professional.pk, *(one.person.pk for one in group)]
        kept = [self._taken.setdefault((one, day), []) for one in everyone]
        latest = instant(day, MOMENTS[_moment(wanted_at.time())][1])
        starts_at = wanted_at
        while starts_at + length <= max(latest, wanted_at + length):
            ends_at = starts_at + length
            if not any(start < ends_at and starts_at < end for one in kept for start, end in one):
                for one in kept:
                    one.append((starts_at, ends_at))
                return starts_at
            starts_at += length
        return None

    def _planned(
        self,
        plan: EventPlan,
        group: Sequence[Dweller],
        starts_at: datetime,
        colleague: Colleague,
    ) -> Planned | None:
        day, ends_at = starts_at.date(), starts_at + timedelta(minutes=plan.minutes)
        is_coming = day > self.days.today
        at = ends_at + REPORTING
        if is_coming:
            at = instant(self.days.today - timedelta(days=1), PLANNED_AT)
        if not colleague.is_employed_on(at.date()):
            return None
        draft = EventDraft(
            subject_ids=[one.person.subject_id for one in group],
            volet=Volet(plan.volet),
            label=plan.label,
            happened_at=starts_at,
            ends_at=ends_at,
            types=[coded("serafin_directes", plan.serafin)] if plan.serafin else [],
            reason=plan.reason,
            place_name=plan.place,
            stay_id=group[0].stay.pk if len(group) == 1 else None,
            professional_ids=[colleague.professional.pk],
            transports=list(self._transports(plan, colleague)),
            **(self._expected() if is_coming else self._outcome(plan, group[0], day)),
        )
        return Planned(colleague=colleague, at=at, draft=draft)

    def _expected(self) -> dict[str, Any]:
        is_sure = self.draw.happens(CONFIRMED_PERCENT)
        return {"status": EventStatus.VALIDATED if is_sure else EventStatus.PLANNED}

    def _outcome(self, plan: EventPlan, one: Dweller, day: date) -> dict[str, Any]:
        if self.draw.happens(CANCELLED_PERCENT):
            reason = self.draw.choice(agenda().cancel_reasons)
            return {
                "status": EventStatus.CANCELLED,
                "cancel_reason": coded("non_realisation_reason", reason.code),
                "comments": [reason.text],
            }
        report = one.voice.said(self.draw.choice(plan.reports), day, self.draw)
        return {"status": EventStatus.FINISHED, "report": report, "was_person_present": True}

    def _transports(self, plan: EventPlan, colleague: Colleague) -> Iterator[TransportDraft]:
        """Yield the way there; a journey without a SERAFIN nature is the professional's own."""
        if plan.transport is None:
            return
        is_own = not plan.transport.nature
        yield TransportDraft(
            traveller=Traveller.PROFESSIONAL if is_own else Traveller.USAGER,
            professional_id=colleague.professional.pk if is_own else None,
            mode=coded("transport_mode", plan.transport.mode),
            nature=coded("serafin_transport", plan.transport.nature),
            distance_km=Decimal(plan.transport.km),
            planned_minutes=Decimal(2 * plan.transport.km),
            is_accompanied=None if is_own else plan.transport.accompanied,
        )

    def evaluations(self) -> Iterator[Planned]:
        """Yield what is evaluated of everyone, some weeks after the entry and twice a year."""
        for dweller in self.dwellers:
            start = max(dweller.entered_on, self.days.first)
            day = start + timedelta(days=self.draw.randint(*FIRST_EVALUATION_DAYS))
            plans = [
                plan
                for plan in agenda().evaluations
                if self.kind.key in plan.establishments and self.draw.happens(plan.percent)
            ]
            rank = 0
            while day < min(dweller.last_day, self.days.today):
                if self.kind.key in AUTONOMY_OF:
                    yield from self._frozen(
                        dweller, day, ASKED_OF, partial(self._autonomy, dweller)
                    )
                if self.kind.key == "ehpad":
                    yield from self._frozen(dweller, day, ASKED_OF, partial(self._falls, dweller))
                for plan in plans:
                    if rank % 2 == 0 or not plan.serafin:
                        columns = partial(self._answered, plan, dweller)
                        yield from self._frozen(dweller, day, plan.profession, columns)
                rank += 1
                day += timedelta(days=self.draw.randint(*BETWEEN_EVALUATIONS_DAYS))
            if self.kind.key in AUTONOMY_OF and self.draw.happens(WEIGHED_PERCENT):
                yield from self._weighings(dweller)

    def _weighings(self, dweller: Dweller) -> Iterator[Planned]:
        """Yield the weights of the last months."""
        for back in WEIGHED_DAYS_AGO:
            day = self.days.today - timedelta(days=back + self.draw.randint(0, 5))
            if max(dweller.entered_on, self.days.first) < day < dweller.last_day:
                yield from self._frozen(dweller, day, ASKED_OF, partial(self._weight, dweller))

    def _weight(self, dweller: Dweller, day: date) -> dict[str, Any]:
        return frozen_columns("weight", day, answered.weight(dweller.voice, day))

    def _falls(self, dweller: Dweller, day: date) -> dict[str, Any]:
        return frozen_columns("falls", day, answered.falls(dweller.voice, self.draw))

    def _autonomy(self, dweller: Dweller, day: date) -> dict[str, Any]:
        """Return the grid of autonomy: its group stays, or loses one."""
        place = self._gir.get(dweller)
        if place is None:
            moves = next(iter(dweller.voice.traits & GIR_WEIGHTS.keys()), "autonome")
            place = self.draw.choices(range(len(answered.LETTERS)), GIR_WEIGHTS[moves])[0]
        elif self.draw.happens(WORSE_PERCENT):
            place = max(0, place - 1)
        self._gir[dweller] = place
        return frozen_columns("aggir", day, answered.autonomy(place))

    def _answered(self, plan: EvaluationPlan, dweller: Dweller, day: date) -> dict[str, Any]:
        answers = []
        for code, score in plan.serafin.items():
            need = coded("serafin_besoins", code)
            score = max(0, min(4, score + self.draw.choice((-1, 0, 0, 1))))
            answers.append(
                Answer(
                    link_id=code, text=need.display, code=need, value=score, value_kind="integer"
                )
            )
        for number, line in enumerate(plan.lines, start=1):
            said = dweller.voice.said(line.answer, day, self.draw)
            answers.append(
                Answer(link_id=str(number), text=line.question, value=said, value_kind="string")
            )
        return {
            "volet": Volet(plan.volet),
            "title": plan.title,
            "type": coded("evaluation_type", plan.type),
            "answers": answers,
        }

    def _frozen(
        self,
        dweller: Dweller,
        day: date,
        profession: str,
        columns: Callable[[date], dict[str, Any]],
    ) -> Iterator[Planned]:
        """Yield an evaluation on that day, or one of the next ones, when someone is there."""
        for _ in range(TRIES * 2):
            there = self.team.at_work(profession, "afternoon", day, dweller.unit)
            if there and self._is_worked(day) and dweller.is_everyday(day):
                colleague = self.draw.choice(there)
                wanted_at = instant(day, EVALUATED_AT)
                if at := self._take(colleague, [dweller], wanted_at, EVALUATION):
                    break
            day += timedelta(days=1)
        else:
            return
        if day >= self.days.today:
            return
        draft = EvaluationDraft(
            subject_id=dweller.person.subject_id,
            happened_at=at,
            authored_at=at,
            status=EvaluationStatus.COMPLETED,
            source_id=colleague.professional.pk,
            stay_id=dweller.stay.pk,
            **columns(day),
        )
        yield Planned(colleague=colleague, at=at, draft=draft)


def _shared_out(concerned: Sequence[Dweller], size: int) -> list[Sequence[Dweller]]:
    """Return groups of about as many, none above a size."""
    number = -(-len(concerned) // size)
    return [concerned[rank::number] for rank in range(number)]


def _moment(at: time) -> Moment:
    """Return the moment of the day in which a local hour is."""
    return next((moment for moment, (_, latest) in MOMENTS.items() if at <= latest), "evening")
