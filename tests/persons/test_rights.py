"""Closing a record to somebody, hiding it, sharing it: the direction's gestures."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, hire
from tests.persons.admissions import admit, today
from virage.agenda.actions import plan_event
from virage.documents.actions import add_document
from virage.foundation.access.enums import Reach, Volet
from virage.foundation.access.models import Restriction
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalEvent
from virage.instruments.actions import freeze_evaluations
from virage.persons import actions
from virage.persons.queries.people import persons_visible_to
from virage.persons.queries.why import why_of
from virage.record.actions import write_note
from virage.record.queries.notes import notes_visible_to

REASON = "La personne s'y oppose."


def test_a_restriction_closes_the_record_until_it_is_lifted(town: Town) -> None:
    rose, diane = admit(town, town.unit_a), actor_of(town.diane)
    restriction = actions.raise_restriction(
        diane, person=rose, professional=town.alice.professional, reason=REASON
    )
    assert not persons_visible_to(actor_of(town.alice)).exists()
    actions.lift_restriction(actor_of(town.diane), restriction=restriction)
    assert persons_visible_to(actor_of(town.alice)).exists()
    with pytest.raises(Invalid):
        actions.lift_restriction(diane, restriction=restriction)


def test_a_record_is_hidden_and_shown_again_and_both_are_journalled(town: Town) -> None:
    rose, diane = admit(town, town.unit_a), actor_of(town.diane)
    for is_on in (True, False):
        actions.mark_sensitive(diane, person=rose, is_sensitive=is_on)
        rose.subject.refresh_from_db()
        assert rose.subject.is_sensitive is is_on
    written = JournalEvent.objects.filter(professional_id=town.diane.professional_id)
    actions_written = {"subject.mark_sensitive", "subject.unmark_sensitive"}
    assert set(written.values_list("action", flat=True)) == actions_written


def test_a_record_is_shared_by_the_direction_of_the_whole_operator(town: Town) -> None:
    rose = admit(town, town.unit_a)
    with pytest.raises(Refused) as refused:
        actions.share_between_establishments(actor_of(town.diane), person=rose, agreed_on=today())
    assert "la direction de tout l’organisme" in refused.value.whom_to_ask
    gaspard, tomorrow = actor_of(town.gaspard), today() + timedelta(days=1)
    with pytest.raises(Invalid) as early:
        actions.share_between_establishments(gaspard, person=rose, agreed_on=tomorrow)
    assert list(early.value.errors) == ["agreed_on"]
    assert not rose.subject.is_shared_between_establishments
    actions.share_between_establishments(gaspard, person=rose, agreed_on=today())
    rose.subject.refresh_from_db()
    assert rose.subject.is_shared_between_establishments
    written = JournalEvent.objects.get(action="subject.share")
    assert written.detail == {"agreed_on": today().isoformat()}
    actions.stop_sharing_between_establishments(actor_of(town.diane), person=rose)
    rose.subject.refresh_from_db()
    assert not rose.subject.is_shared_between_establishments
    assert JournalEvent.objects.get(action="subject.unshare").lines.get().subject_id


@pytest.mark.parametrize("who", ["alice", "denis", "sofia", "tom", "bob", "charlie"])
def test_the_direction_alone_sets_them(town: Town, who: str) -> None:
    rose, actor = admit(town, town.unit_a), actor_of(getattr(town, who))
    restriction = actions.raise_restriction(
        actor_of(town.diane), person=rose, profession="teacher", reason=REASON
    )
    gestures: list[Callable[[], Any]] = [
        lambda: actions.raise_restriction(actor, person=rose, profession="nurse", reason=REASON),
        lambda: actions.lift_restriction(actor, restriction=restriction),
        lambda: actions.mark_sensitive(actor, person=rose, is_sensitive=True),
        lambda: actions.share_between_establishments(actor, person=rose, agreed_on=today()),
        lambda: actions.stop_sharing_between_establishments(actor, person=rose),
    ]
    for gesture in gestures:
        with pytest.raises(Refused):
            gesture()


def test_the_direction_closes_nothing_out_of_its_reach(town: Town) -> None:
    rose = admit(town, town.unit_a)
    office = actor_of(town.command_line)
    of_ime = hire(office, "Iris Colin", "director", town.ime, reach=Reach.ESTABLISHMENT)
    note = write_note(actor_of(town.alice), draft=drafts.note(rose))
    for item_id in (None, note.pk):
        with pytest.raises(Refused):
            actions.raise_restriction(
                actor_of(of_ime), person=rose, item_id=item_id, profession="nurse", reason=REASON
            )
    assert not Restriction.objects.exists()


def test_one_item_is_closed_in_the_record_that_holds_it(town: Town) -> None:
    rose, louise = admit(town, town.unit_a), admit(town, town.unit_a, "Louise")
    diane, alice = actor_of(town.diane), actor_of(town.alice)
    items = [
        rose.stays.get(),
        write_note(alice, draft=drafts.note(rose)),
        plan_event(alice, draft=drafts.event(rose)),
        *freeze_evaluations(alice, drafts=[drafts.evaluation(rose)]),
        add_document(alice, draft=drafts.document(rose)),
    ]
    for item in items:
        asked = {"item_id": item.pk, "profession": "teacher", "reason": REASON}
        with pytest.raises(Invalid) as refused:
            actions.raise_restriction(diane, person=louise, **asked)
        assert list(refused.value.errors) == ["item_id"]
        assert actions.raise_restriction(diane, person=rose, **asked).item_id == item.pk


def test_the_author_of_an_item_closes_it_to_one_colleague(town: Town) -> None:
    rose, denis = admit(town, town.unit_a), actor_of(town.denis)
    note = write_note(denis, draft=drafts.note(rose, volet=Volet.MEDICAL))
    whom = {"person": rose, "item_id": note.pk, "reason": REASON}
    alice, aude = town.alice.professional, town.aude.professional
    for who in (town.alice, town.aude, town.sofia):  # none wrote it
        with pytest.raises(Refused):
            actions.raise_restriction(actor_of(who), **whom, professional=aude)
    for named in ({"profession": "nurse"}, {"professional": town.diane.professional}):
        with pytest.raises(Invalid, match="La direction seule"):
            actions.raise_restriction(denis, **whom, **named)
    closed = actions.raise_restriction(denis, **whom, professional=alice)
    assert not notes_visible_to(actor_of(town.alice)).filter(pk=note.pk).exists()
    with collecting_reads():
        told = why_of(actor_of(town.diane), rose).restrictions
    assert [(row.whom, row.by) for row in told] == [("Alice Martel", "Denis Fabre")]
    actions.lift_restriction(actor_of(town.diane), restriction=closed)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"profession": ""}, ""),
        ({"profession": "wizard"}, "profession"),
        ({"reason": " "}, "reason"),
        ({"profession": "director"}, ""),
    ],
)
def test_a_restriction_says_whom_and_why(town: Town, changes: dict[str, str], field: str) -> None:
    asked = {"profession": "nurse", "reason": REASON} | changes
    with pytest.raises(Invalid) as refused:
        actions.raise_restriction(actor_of(town.diane), person=admit(town, town.unit_a), **asked)
    assert field in refused.value.errors
    assert not Restriction.objects.exists()


def test_nobody_lifts_what_is_closed_to_herself(town: Town) -> None:
    rose = welcome(town, "Rose Lambert", town.ehpad, town.unit_a)
    office = actor_of(town.command_line)
    note = write_note(
        office, draft=replace(drafts.note(rose, text="Vu."), establishment_id=town.ehpad.pk)
    )
    closed = actions.raise_restriction(
        actor_of(town.gaspard),
        person=rose,
        professional=town.diane.professional,
        item_id=note.pk,
        reason=REASON,
    )
    with pytest.raises(Refused):
        actions.lift_restriction(actor_of(town.diane), restriction=closed)
    assert actions.lift_restriction(actor_of(town.gaspard), restriction=closed).ended_at


def test_nor_what_is_closed_to_her_profession(town: Town) -> None:
    rose = admit(town, town.unit_a)
    note = write_note(actor_of(town.alice), draft=drafts.note(rose))
    asked = {"person": rose, "item_id": note.pk, "profession": "director", "reason": REASON}
    with pytest.raises(Invalid) as refused:
        actions.raise_restriction(actor_of(town.diane), **asked)
    assert "Vous ne pourriez plus lever" in refused.value.errors[""][0]
    closed = Restriction.objects.create(
        subject=rose.subject, item_id=note.pk, profession="director", reason=REASON
    )
    with pytest.raises(Refused) as kept:
        actions.lift_restriction(actor_of(town.gaspard), restriction=closed)
    assert "ne vise pas" in kept.value.whom_to_ask
    assert Restriction.objects.get().ended_at is None
