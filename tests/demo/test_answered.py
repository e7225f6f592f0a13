"""What is answered in bulk in the region is what finishing a sheet of the same answers freezes."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from virage.demo.draw import Draw
from virage.demo.region import answered
from virage.demo.region.voices import Voice
from virage.instruments.actions import evaluation_of, take_in_sheet
from virage.instruments.rules.answers import EvaluationDraft
from virage.instruments.rules.given import Given
from virage.instruments.rules.sheet import SheetDraft
from virage.instruments.rules.shipped import in_force

DAY = date(2026, 3, 10)
COLUMNS = (
    *("volet", "title", "answers", "scores", "instrument", "instrument_version", "due_on", "gir"),
)
VOICE = Voice(
    is_female=True,
    born_on=date(1938, 5, 2),
    traits=frozenset({"deambulateur"}),
    words={},
    kilograms=58,
    tension=13,
)
ANSWERED = {
    "weight": answered.weight(VOICE, DAY),
    "falls": answered.falls(VOICE, Draw("falls")),
    "aggir": answered.autonomy(2),
}


@pytest.mark.django_db
@pytest.mark.parametrize("name", ANSWERED)
def test_a_row_in_bulk_is_that_of_a_sheet(town: Town, name: str) -> None:
    rose = welcome(town, "Rose Lambert", town.ehpad, town.unit_a)
    nurse, answers = actor_of(town.alice), ANSWERED[name]
    instrument = in_force(name, DAY)
    assert instrument
    at = timezone.now() - timedelta(minutes=5)
    draft = SheetDraft(subject_id=rose.subject_id, instrument=instrument, happened_at=at)
    sheet = take_in_sheet(nurse, draft=draft, answers=answers)
    columns = answered.frozen_columns(name, timezone.localdate(at), answers)
    bulk = evaluation_of(
        nurse, EvaluationDraft(subject_id=rose.subject_id, happened_at=at, **columns)
    )
    assert {one: getattr(bulk, one) for one in COLUMNS} == {
        one: getattr(sheet, one) for one in COLUMNS
    }
    assert any(one["value"] is not None for one in bulk.scores)


@pytest.mark.parametrize("rank", range(len(answered.LETTERS)))
def test_each_rank_gives_its_group(rank: int) -> None:
    answers: Mapping[str, Given] = answered.autonomy(rank)
    scores = answered.frozen_columns("aggir", DAY, answers)["scores"]
    assert next(one.value for one in scores if one.id == "gir") == rank + 1
