"""Filling a sheet in: by several people, to its end or given up, and never counted again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal
from threading import Barrier
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.utils.timezone import localdate

from tests.factories.people import welcome
from tests.factories.town import SINCE, Town, actor_of, build_town, hire
from virage.foundation.content.loader import load
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.models import JournalEvent
from virage.instruments.actions import (
    Typed,
    answer_sheet,
    begin_sheet,
    finish_sheet,
    leave_sheet,
    take_in_sheet,
)
from virage.instruments.models import Evaluation, Sheet, SheetAnswer
from virage.instruments.queries import find_sheet
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.results import scores_from_json
from virage.instruments.rules.sheet import SheetDraft
from virage.persons.actions import open_stay, share_between_establishments
from virage.persons.models import Person, Stay

pytestmark = pytest.mark.django_db
NORTON = {
    "physical": "good",
    "mental": "alert",
    "activity": "chair",
    "mobility": "reduced",
    "incontinence": "none",
}
CRY = Given("Un cri")


@pytest.fixture
def rose(town: Town) -> Person:
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a)


def draft(person: Person, town: Town, name: str = "norton/1", **more: Any) -> SheetDraft:
    return SheetDraft(
        subject_id=person.subject_id,
        instrument=load("instruments", name, Instrument),
        **{"happened_at": actor_of(town.alice).at} | more,
    )


@pytest.fixture
def sheet(town: Town, rose: Person) -> Sheet:
    return begin_sheet(actor_of(town.alice), draft=draft(rose, town))


def typed(seen: int = 0, **answers: str | None) -> Typed:
    return Typed(seen, {name: Given(one) if one else None for name, one in answers.items()})


def in_force(town: Town, sheet: Sheet) -> dict[str, Any]:
    opened = find_sheet(actor_of(town.alice), sheet.subject_id, sheet.pk)
    return {name: given.value for name, given in opened.answers.items()}


def test_answered_then_frozen(town: Town, sheet: Sheet) -> None:
    alice = actor_of(town.alice)
    answer_sheet(alice, sheet_id=sheet.pk, typed=typed(**NORTON))
    evaluation = finish_sheet(alice, sheet_id=sheet.pk)
    (total,) = scores_from_json(evaluation.scores)
    assert (total.value, total.meaning) == (Decimal(17), "Sans risque particulier")
    assert (evaluation.instrument, evaluation.instrument_version) == ("norton", "1")
    assert evaluation.due_on == localdate(sheet.happened_at) + timedelta(days=30)
    sheet.refresh_from_db()
    assert (sheet.state, sheet.evaluation) == ("finished", evaluation)
    with pytest.raises(Refused, match="elle ne change plus"):
        answer_sheet(alice, sheet_id=sheet.pk, typed=typed(mental="confused"))
    actions = JournalEvent.objects.filter(action__startswith="sheet.").order_by("at", "id")
    assert [one.action for one in actions] == ["sheet.begin", "sheet.answer", "sheet.finish"]


def test_what_lacks_is_told_and_leaves_the_score_incomplete(town: Town, sheet: Sheet) -> None:
    alice = actor_of(town.alice)
    answer_sheet(alice, sheet_id=sheet.pk, typed=typed(physical="good"))
    with pytest.raises(Invalid) as refused:
        finish_sheet(alice, sheet_id=sheet.pk)
    assert "Incontinence" in refused.value.errors["accepts_missing"][0]
    evaluation = finish_sheet(alice, sheet_id=sheet.pk, accepts_missing=True)
    (total,) = scores_from_json(evaluation.scores)
    assert (total.value, total.told) == (None, "Incomplet")


def test_two_people_answer_together(town: Town, sheet: Sheet) -> None:
    alice, aude = actor_of(town.alice), actor_of(town.aude)
    answer_sheet(alice, sheet_id=sheet.pk, typed=typed(physical="good", mental="alert"))
    # Aude opened the page before that, and answers another question.
    answer_sheet(aude, sheet_id=sheet.pk, typed=typed(mental=None, activity="chair"))
    assert in_force(town, sheet) == {"physical": "good", "mental": "alert", "activity": "chair"}
    _, clashing = answer_sheet(aude, sheet_id=sheet.pk, typed=typed(mental="confused"))
    assert clashing == ["mental"]
    assert in_force(town, sheet)["mental"] == "alert"
    # Once she has seen it, hers replaces it, and both are kept with their authors.
    answer_sheet(aude, sheet_id=sheet.pk, typed=typed(2, mental="confused"))
    assert in_force(town, sheet)["mental"] == "confused"
    rows = SheetAnswer.objects.filter(item="mental").order_by("number")
    assert [(one.author_id, one.value) for one in rows] == [
        (alice.professional_id, {"value": "alert"}),
        (aude.professional_id, {"value": "confused"}),
    ]


def test_an_answer_taken_back_is_no_answer(town: Town, sheet: Sheet) -> None:
    alice = actor_of(town.alice)
    answer_sheet(alice, sheet_id=sheet.pk, typed=typed(mental="alert"))
    answer_sheet(alice, sheet_id=sheet.pk, typed=typed(1, mental=None))
    assert in_force(town, sheet) == {}
    assert SheetAnswer.objects.count() == 2


def test_one_at_a_time(town: Town, rose: Person, sheet: Sheet) -> None:
    assert begin_sheet(actor_of(town.aude), draft=draft(rose, town)) == sheet
    with pytest.raises(Invalid) as refused:
        leave_sheet(actor_of(town.alice), sheet_id=sheet.pk, reason=" ")
    assert "reason" in refused.value.errors
    left = leave_sheet(actor_of(town.alice), sheet_id=sheet.pk, reason="Mauvaise personne")
    assert left.state == "left"
    assert begin_sheet(actor_of(town.aude), draft=draft(rose, town)) != sheet
    assert not Evaluation.objects.exists()


def test_one_that_a_colleague_has_open_unread_is_told_not_shown(town: Town, rose: Person) -> None:
    # A therapist reads in care what he wrote himself.
    office = actor_of(town.command_line)
    theo = hire(office, "Théo Blin", "therapist", town.ehpad, units=[town.unit_a])
    begun = begin_sheet(actor_of(town.alice), draft=draft(rose, town, "aggir/2008"))
    with pytest.raises(Refused) as refused:
        begin_sheet(actor_of(theo), draft=draft(rose, town, "aggir/2008"))
    assert (refused.value.condition, bool(refused.value.whom_to_ask)) == ("in_progress", True)
    assert begun.author_name not in refused.value.sentence
    leave_sheet(actor_of(town.alice), sheet_id=begun.pk, reason="Reprise par le rééducateur")
    his = begin_sheet(actor_of(theo), draft=draft(rose, town, "aggir/2008"))
    assert begin_sheet(actor_of(theo), draft=draft(rose, town, "aggir/2008")) == his


def test_one_in_each_establishment_that_accompanies_a_person(town: Town, rose: Person) -> None:
    stay = Stay(establishment=town.ime, unit=town.ime_unit, entered_on=SINCE)
    open_stay(actor_of(town.command_line), person=rose, stay=stay)
    share_between_establishments(actor_of(town.gaspard), person=rose, agreed_on=SINCE)
    asked = draft(rose, town, "behaviour_abc/1")
    theirs = begin_sheet(actor_of(town.aude), draft=asked)
    ours = begin_sheet(actor_of(town.bob), draft=asked)
    assert ours != theirs
    assert find_sheet(actor_of(town.bob), rose.subject_id, theirs.pk).sheet == theirs
    row = {"day": Given(SINCE), **dict.fromkeys(("antecedent", "behaviour", "consequence"), CRY)}
    given = {"watched": CRY, "rows": Given((row,))}
    with pytest.raises(Invalid, match="en cours"):
        take_in_sheet(actor_of(town.bob), draft=asked, answers=given)
    leave_sheet(actor_of(town.bob), sheet_id=ours.pk, reason="Reçue d’ailleurs")
    # What the other establishment has in progress stands in the way of nothing.
    take_in_sheet(actor_of(town.bob), draft=asked, answers=given)


@pytest.mark.django_db(transaction=True)
def test_two_who_begin_it_at_once_share_it() -> None:
    town = build_town()
    rose = welcome(town, "Rose Lambert", town.ehpad, town.unit_a)
    together, alice = Barrier(2), actor_of(town.alice)

    def begin(_: int) -> Sheet:
        try:
            together.wait()
            return begin_sheet(alice, draft=draft(rose, town))
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as people:
        one, other = people.map(begin, range(2))
    assert one == other == Sheet.objects.get()


@pytest.mark.parametrize(
    ("who", "condition"),
    [
        ("basile", "care_team"),  # of another unit
        ("sofia", "matrix"),  # a secretary writes no care
        ("charlie", None),  # of another operator
    ],
)
def test_who_may_not_begin_one(town: Town, rose: Person, who: str, condition: str | None) -> None:
    with pytest.raises(Refused) as refused:
        begin_sheet(actor_of(getattr(town, who)), draft=draft(rose, town))
    assert refused.value.condition == condition or refused.value.is_hidden


def test_a_profession_that_does_not_answer_it(town: Town, rose: Person) -> None:
    medical = draft(rose, town, "undernutrition_70/2021")
    assert "care_assistant" not in medical.instrument.answered_by
    with pytest.raises(Refused):
        begin_sheet(actor_of(town.aude), draft=medical)


def test_whoever_does_not_read_a_sheet_does_not_find_it(town: Town, sheet: Sheet) -> None:
    for who in (town.basile, town.charlie, town.tom):
        with pytest.raises(Refused) as refused:
            answer_sheet(actor_of(who), sheet_id=sheet.pk, typed=typed(mental="alert"))
        assert refused.value.is_hidden
    with pytest.raises(Refused):
        find_sheet(actor_of(town.alice), sheet.subject_id, UUID(int=0))


def test_none_is_dated_in_the_future(town: Town, rose: Person) -> None:
    later = actor_of(town.alice).at + timedelta(days=1)
    with pytest.raises(Invalid) as refused:
        begin_sheet(actor_of(town.alice), draft=draft(rose, town, happened_at=later))
    assert "happened_at" in refused.value.errors
