"""Referents are told once, by mail, that evaluations are to be made again."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import SINCE, Town, actor_of
from virage.directory.models import Membership
from virage.foundation.access.models import Restriction
from virage.foundation.outbox.actions import drain
from virage.instruments.actions import (
    Typed,
    answer_sheet,
    begin_sheet,
    finish_sheet,
    freeze_evaluations,
)
from virage.instruments.enums import EvaluationStatus
from virage.instruments.rules.given import Given
from virage.instruments.rules.sheet import SheetDraft
from virage.instruments.rules.shipped import in_force
from virage.persons.models import Person, Referent
from virage.record.jobs import remind_of_evaluations

MADE = {"instrument": "norton", "instrument_version": "1"}


def make(town: Town, person: Person, due_on: date | None = None, **changes: Any) -> None:
    draft = drafts.evaluation(person, due_on=due_on or timezone.localdate(), **MADE | changes)
    freeze_evaluations(actor_of(town.denis), drafts=[draft])


def follow(person: Person, *members: Membership) -> None:
    for one in members:
        Referent.objects.create(
            subject=person.subject, professional=one.professional, starts_on=SINCE
        )


def told() -> list[tuple[str, str]]:
    """Run the night twice, for nothing goes twice; return who was told what."""
    for _ in range(2):
        remind_of_evaluations({})
        drain()
    return sorted((one.to[0].partition("@")[0], one.subject) for one in mail.outbox)


def test_a_referent_is_told_once_of_all_that_fell_due(town: Town, rose: Person) -> None:
    jeanne = welcome(town, "Jeanne Petit", town.ehpad, town.unit_a)
    for person in (rose, jeanne):
        follow(person, town.alice)
        make(town, person)
    make(town, rose, instrument="pain_numeric")
    assert told() == [("alice", "Rappel\u00a0: des évaluations sont à refaire")]
    text = mail.outbox[0].body
    assert (
        text.startswith("Bonjour,\n\n3 évaluations") and f"{timezone.localdate():%d/%m/%Y}" in text
    )
    words = ("Rose", "Lambert", "Petit", "Norton", "Douleur", "douleur")
    assert not any(word in text for word in words)


@pytest.mark.parametrize("days", [-8, 1])
def test_nothing_is_told_too_soon_nor_long_after(town: Town, rose: Person, days: int) -> None:
    follow(rose, town.alice)
    make(town, rose, timezone.localdate() + timedelta(days=days))
    assert told() == []


def test_what_was_made_again_is_not_told(town: Town, rose: Person) -> None:
    follow(rose, town.alice)
    make(town, rose, happened_at=drafts.moments_ago(5))
    make(town, rose, timezone.localdate() + timedelta(days=30))
    assert told() == []


def test_what_is_no_result_makes_nothing_again(town: Town, rose: Person) -> None:
    follow(rose, town.alice)
    make(town, rose, happened_at=drafts.moments_ago(5))
    later = timezone.localdate() + timedelta(days=30)
    make(town, rose, later, status=EvaluationStatus.ENTERED_IN_ERROR)
    assert [name for name, _ in told()] == ["alice"]


def test_what_lacks_an_answer_is_to_be_made_again_at_once(town: Town, rose: Person) -> None:
    follow(rose, town.alice)
    alice, norton = actor_of(town.alice), in_force("norton", timezone.localdate())
    assert norton is not None
    draft = SheetDraft(
        subject_id=rose.subject_id, instrument=norton, happened_at=drafts.moments_ago()
    )
    sheet = begin_sheet(alice, draft=draft)
    answer_sheet(alice, sheet_id=sheet.pk, typed=Typed(0, {"mental": Given("alert")}))
    finish_sheet(alice, sheet_id=sheet.pk, accepts_missing=True)
    assert [name for name, _ in told()] == ["alice"]


def test_only_who_may_answer_it_is_told(town: Town, rose: Person) -> None:
    follow(rose, town.alice, town.sofia, town.nina, town.aude)
    closed = {"professional_id": town.aude.professional_id, "reason": "Opposition."}
    Restriction.objects.create(subject=rose.subject, **closed)
    make(town, rose)
    assert [name for name, _ in told()] == ["alice"]


def test_nobody_is_told_of_whom_he_no_longer_follows(town: Town, rose: Person) -> None:
    follow(rose, town.alice)
    Referent.objects.update(ends_on=timezone.localdate() - timedelta(days=1))
    make(town, rose)
    assert told() == []


def test_an_account_closed_is_told_nothing(town: Town, rose: Person) -> None:
    follow(rose, town.alice)
    make(town, rose)
    remind_of_evaluations({})
    account = town.alice.professional.account
    account.is_active = False
    account.save()
    drain()
    assert mail.outbox == []
