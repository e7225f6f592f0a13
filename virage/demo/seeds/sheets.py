"""What some usagers were asked with the instruments shipped, and what is still asked of others."""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from decimal import Decimal

from virage.demo import texts
from virage.demo.draw import Draw
from virage.demo.house import House, Usager, instant
from virage.instruments.actions import (
    Typed,
    answer_sheet,
    ask_on_sheet,
    begin_sheet,
    take_in_sheet,
)
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import ItemKind
from virage.instruments.rules.sheet import SheetDraft
from virage.instruments.rules.shipped import in_force

HOUR = time(10, 40)


def seed_sheets(house: House, usagers: Sequence[Usager]) -> None:
    """Fill the sheets in, as the staff on duty would have, of usagers who were there all along."""
    draw = Draw("sheets")
    for told in texts.sheets():
        first = house.today + timedelta(days=told.rows[0].day)
        there = [one for one in usagers if one.key == told.establishment and one.is_there_on(first)]
        for usager in draw.sample(there, min(told.usagers, len(there))):
            for row in told.rows:
                _fill_in(house, usager, told, row)


def _fill_in(house: House, usager: Usager, told: texts.SheetPlan, row: texts.SheetRow) -> None:
    at = instant(house.today + timedelta(days=row.day), HOUR)
    seat = house.on_duty(told.profession, usager, at)
    instrument = in_force(told.instrument, at.date())
    if seat is None or instrument is None:
        raise ValueError(f"nobody answers {told.instrument} in {usager.unit} on {at:%Y-%m-%d}")
    actor, answers = seat.acting(at), _given(instrument, row.answers)
    draft = SheetDraft(
        subject_id=usager.person.subject_id,
        instrument=instrument,
        happened_at=at,
        establishment_id=usager.establishment.pk,
    )
    if not row.asked_of:
        take_in_sheet(actor, draft=draft, answers=answers)
        return
    sheet = begin_sheet(actor, draft=draft)
    answer_sheet(actor, sheet_id=sheet.pk, typed=Typed(0, answers))
    ask_on_sheet(actor, sheet_id=sheet.pk, profession=row.asked_of)


def _given(instrument: Instrument, answers: Mapping[str, str]) -> dict[str, Given]:
    return {
        name: Given(Decimal(text) if instrument.items[name].kind == ItemKind.NUMBER else text)
        for name, text in answers.items()
    }
