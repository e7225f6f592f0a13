"""What took place, what was cancelled and what is to come: visits, sessions, outings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from virage.agenda import actions
from virage.agenda.enums import EventStatus, Traveller
from virage.agenda.rules import EventDraft, TransportDraft
from virage.demo import texts
from virage.demo.draw import Draw
from virage.demo.house import House, Seat, Usager, coded, instant, shift_of
from virage.foundation.access.enums import Volet

COMING_DAYS = 14
COMING_PERCENT = 45
CANCELLED_PERCENT = 8
CONFIRMED_PERCENT = 30
EVENTS_A_DAY = 3
# A report is written a little after the event; what is to come was planned yesterday.
REPORTING = timedelta(minutes=10)
PLANNING = time(17, 30)


@dataclass(frozen=True, kw_only=True)
class Occurrence:
    """An event of some usagers at some hour, with who is there for them."""

    plan: texts.EventPlan
    usagers: Sequence[Usager]
    seat: Seat
    starts_at: datetime

    @property
    def ends_at(self) -> datetime:
        return self.starts_at + timedelta(minutes=self.plan.minutes)


def seed_agenda(house: House, usagers: Sequence[Usager]) -> None:
    """Enter past events as each shift reports them, then plan those to come."""
    draw = Draw("agenda")
    coming_days = [house.today + timedelta(days=ahead) for ahead in range(1, COMING_DAYS)]
    past: dict[object, list[Occurrence]] = {}
    coming: dict[object, list[Occurrence]] = {}
    for plan in texts.events().events:
        for key in plan.establishments:
            groups = _groups(plan, house, [u for u in usagers if u.key == key], draw)
            for one in _spread(house, plan, groups, house.days, draw):
                shift = (shift_of(one.starts_at), one.seat.membership.pk)
                past.setdefault(shift, []).append(one)
            later = [group for group in groups if draw.happens(COMING_PERCENT)]
            for one in _spread(house, plan, later, coming_days, draw):
                coming.setdefault(one.seat.membership.pk, []).append(one)
    for told in past.values():
        at = max(one.ends_at for one in told) + REPORTING
        drafts = [_draft(one, **_outcome(one, draw)) for one in told]
        actions.plan_events(told[0].seat.acting(at), drafts=drafts)
    for planned in coming.values():
        drafts = [_draft(one, status=_expected(draw)) for one in planned]
        at = instant(house.days[-1], PLANNING)
        actions.plan_events(planned[0].seat.acting(at), drafts=drafts)


def _groups(
    plan: texts.EventPlan, house: House, usagers: Sequence[Usager], draw: Draw
) -> list[list[Usager]]:
    """Return who goes together: the usagers concerned, by unit, as many as the event takes."""
    units: dict[object, list[Usager]] = {}
    for usager in usagers:
        is_there = usager.is_there_on(house.days[0]) and usager.is_there_on(house.today)
        if is_there and draw.happens(plan.percent):
            units.setdefault(usager.unit.pk, []).append(usager)
    return [
        concerned[start : start + plan.group]
        for concerned in units.values()
        for start in range(0, len(concerned), plan.group)
    ]


def _spread(
    house: House,
    plan: texts.EventPlan,
    groups: Sequence[Sequence[Usager]],
    days: Sequence[date],
    draw: Draw,
) -> Iterator[Occurrence]:
    """Yield one event for each group: a few a day, one after the other, with the same colleague."""
    open_days = [day for day in days if day.weekday() < 5]
    wanted = min(len(open_days), -(-len(groups) // EVENTS_A_DAY))
    chosen = sorted(draw.sample(open_days, wanted))
    for rank, group in enumerate(groups):
        turn, position = rank % wanted, rank // wanted
        starts_at = instant(chosen[turn], plan.at) + timedelta(minutes=plan.minutes * position)
        profession = plan.professions[turn % len(plan.professions)]
        seat = house.on_duty(profession, group[0], starts_at, plan.title)
        if seat is None:
            raise ValueError(f"nobody works as {profession} in {group[0].unit}")
        yield Occurrence(plan=plan, usagers=group, seat=seat, starts_at=starts_at)


def _draft(one: Occurrence, **outcome: Any) -> EventDraft:
    plan = one.plan
    alone = one.usagers[0] if len(one.usagers) == 1 else None
    return EventDraft(
        subject_ids=[usager.person.subject_id for usager in one.usagers],
        volet=Volet(plan.volet),
        label=plan.label,
        happened_at=one.starts_at,
        ends_at=one.ends_at,
        types=[coded("serafin_directes", plan.serafin)] if plan.serafin else [],
        reason=plan.reason,
        place_name=plan.place,
        stay_id=alone.stay.pk if alone else None,
        professional_ids=[one.seat.professional.pk],
        transports=[_transport(plan.transport, one)] if plan.transport else [],
        **outcome,
    )


def _outcome(one: Occurrence, draw: Draw) -> dict[str, Any]:
    """Return how a past event ended: done, with its report, or cancelled, with the reason."""
    if draw.happens(CANCELLED_PERCENT):
        reason = draw.choice(texts.events().cancel_reasons)
        return {
            "status": EventStatus.CANCELLED,
            "cancel_reason": coded("non_realisation_reason", reason.code),
            "comments": [reason.text],
        }
    return {
        "status": EventStatus.FINISHED,
        "report": one.usagers[0].told(draw.choice(one.plan.reports), draw),
        "was_person_present": True,
    }


def _expected(draw: Draw) -> EventStatus:
    return EventStatus.VALIDATED if draw.happens(CONFIRMED_PERCENT) else EventStatus.PLANNED


def _transport(plan: texts.TransportPlan, one: Occurrence) -> TransportDraft:
    """Return the way there; a journey without a SERAFIN nature is the professional's own."""
    is_professional = not plan.nature
    return TransportDraft(
        traveller=Traveller.PROFESSIONAL if is_professional else Traveller.USAGER,
        professional_id=one.seat.professional.pk if is_professional else None,
        mode=coded("transport_mode", plan.mode),
        nature=coded("serafin_transport", plan.nature),
        distance_km=Decimal(plan.km),
        planned_minutes=Decimal(2 * plan.km),
        is_accompanied=None if is_professional else plan.accompanied,
    )
