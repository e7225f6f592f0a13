"""What is answered in bulk in the region is what finishing a sheet of the same answers freezes."""

from collections import Counter
from collections.abc import Mapping
from datetime import date, time, timedelta

import pytest
from django.db.models import Q
from django.utils import timezone

from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from virage.demo.draw import Draw
from virage.demo.house import instant
from virage.demo.region import answered
from virage.demo.region.builder import Size, write_region
from virage.demo.region.voices import Voice
from virage.instruments.actions import evaluation_of, take_in_sheet
from virage.instruments.models import Evaluation
from virage.instruments.rules.answers import EvaluationDraft
from virage.instruments.rules.given import Given
from virage.instruments.rules.sheet import SheetDraft
from virage.instruments.rules.shipped import in_force
from virage.record.models import Note

DAY = date(2026, 3, 10)
SMALL = Size(days=100, houses=1, places_percent=18)
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
def test_a_region_opened_in_the_afternoon_is_scored_due_and_told_of_the_morning() -> None:
    now = instant(DAY, time(15))
    write_region(size=SMALL, now=now)
    made = Evaluation.objects.exclude(instrument="")
    assert set(made.values_list("instrument", flat=True)) == set(ANSWERED)
    assert not made.filter(Q(scores=[]) | Q(due_on=None)).exists()
    assert not made.filter(instrument="aggir", gir=None).exists()
    weighed = made.filter(instrument="weight").values_list("subject_id", flat=True)
    assert max(Counter(weighed).values()) == 3, "a curve"
    today = Note.objects.filter(happened_at__date=DAY)
    assert today.exists()
    assert not Note.objects.filter(Q(recorded_at__gt=now) | Q(happened_at__gt=now)).exists()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ANSWERED)
def test_a_row_in_bulk_is_that_of_a_sheet(town: Town, name: str) -> None:
    rose = welcome(town, "Rose Lambert", town.ehpad, town.unit_a)
    nurse, answers = actor_of(town.alice), ANSWERED[name]
    at = timezone.now() - timedelta(minutes=5)
    instrument = in_force(name, timezone.localdate(at))
    assert instrument
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
