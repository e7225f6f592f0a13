"""Evaluations of the month: autonomy, needs, habits."""

from collections.abc import Iterator, Sequence
from datetime import time

from virage.demo import texts
from virage.demo.draw import Draw
from virage.demo.house import House, Seat, Usager, coded, instant
from virage.formats.tddui.record import Answer
from virage.foundation.access.enums import Volet
from virage.foundation.content import nomenclature
from virage.instruments import actions
from virage.instruments.enums import EvaluationStatus
from virage.instruments.rules.answers import EvaluationDraft

HOUR = time(15, 20)
# Evaluations are made on one working day out of three.
EVERY = 3


def seed_instruments(house: House, usagers: Sequence[Usager]) -> None:
    """Freeze what was evaluated, day after day and evaluator after evaluator."""
    draw = Draw("instruments")
    days = [day for day in house.days if day.weekday() < 5][::EVERY]
    frozen: dict[object, tuple[Seat, list[EvaluationDraft]]] = {}
    for usager in usagers:
        there = [day for day in days if usager.is_there_on(day)]
        for plan in _plans(usager, draw) if there else ():
            at = instant(draw.choice(there), HOUR)
            seat = house.on_duty(plan.profession, usager, at)
            if seat is None:
                raise ValueError(f"nobody works as {plan.profession} in {usager.unit}")
            key = (at, seat.membership.pk)
            frozen.setdefault(key, (seat, []))[1].append(
                EvaluationDraft(
                    subject_id=usager.person.subject_id,
                    volet=Volet(plan.volet),
                    title=plan.title,
                    happened_at=at,
                    type=coded("evaluation_type", plan.type),
                    status=EvaluationStatus.COMPLETED,
                    authored_at=at,
                    source_id=seat.professional.pk,
                    stay_id=usager.stay.pk,
                    comment=usager.told(plan.comment, draw),
                    answers=list(_answers(plan, usager, draw)),
                )
            )
    for seat, drafts in frozen.values():
        actions.freeze_evaluations(seat.acting(drafts[0].happened_at), drafts=drafts)


def _plans(usager: Usager, draw: Draw) -> Iterator[texts.EvaluationPlan]:
    """Yield what is evaluated of this usager: one GIR at most, and what falls to her."""
    plans = [
        plan
        for plan in texts.evaluations()
        if usager.key in plan.establishments and (not plan.units or usager.unit.name in plan.units)
    ]
    groups = {plan.key: plan for plan in plans if plan.gir}
    if groups:
        yield groups[draw.weighted({key: plan.percent for key, plan in groups.items()})]
    for plan in plans:
        if not plan.gir and draw.happens(plan.percent):
            yield plan


def _answers(plan: texts.EvaluationPlan, usager: Usager, draw: Draw) -> Iterator[Answer]:
    if plan.gir:
        group = coded("gir", plan.gir)
        title = nomenclature.get("gir").title
        yield Answer(link_id="gir", text=title, value=group, value_kind="Coding")
    for code, score in plan.serafin.items():
        need = coded("serafin_besoins", code)
        yield Answer(link_id=code, text=need.display, code=need, value=score, value_kind="integer")
    for number, line in enumerate(plan.lines, start=1):
        yield Answer(
            link_id=str(number),
            text=line.question,
            value=usager.told(line.answer, draw),
            value_kind="string",
        )
