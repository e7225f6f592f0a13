"""Planning events and saying what became of them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from tests.guards import BoundedQueries
from virage.agenda.actions import plan_event, plan_events, report_event
from virage.agenda.enums import EventStatus, Traveller
from virage.agenda.models import Event
from virage.agenda.queries import events_of, participations_in
from virage.agenda.rules import Outcome, TransportDraft, types_of
from virage.foundation.access.enums import Volet
from virage.foundation.access.rules import Origin
from virage.foundation.coded import Coded
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.journal.models import JournalEvent
from virage.persons.models import Person

DONE = Outcome(status=EventStatus.FINISHED, report="Séance faite.", was_person_present=True)
OUTING = Coded("urn:x", "2.3.3", "Accompagnements pour exercer ses rôles sociaux")


@pytest.fixture
def rose(town: Town) -> Person:
    """Return someone of Alice's unit."""
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a)


@pytest.fixture
def louise(town: Town) -> Person:
    """Return someone of the other unit."""
    return welcome(town, "Louise Bernard", town.ehpad, town.unit_b)


def test_an_event_keeps_its_types_participants_and_journeys(town: Town, rose: Person) -> None:
    journey = TransportDraft(traveller=Traveller.USAGER, distance_km=Decimal("12.5"))
    draft = drafts.event(
        rose,
        types=[OUTING],
        professional_ids=[town.alice.professional_id],
        transports=[journey],
    )
    event = plan_event(actor_of(town.alice), draft=draft)
    event.refresh_from_db()
    assert types_of(event.types) == [OUTING]
    assert event.transports.get().distance_km == Decimal("12.5")
    taking_part = participations_in(actor_of(town.alice), rose.subject_id, event.pk)
    assert {one.subject_id or one.professional_id for one in taking_part} == {
        rose.subject_id,
        town.alice.professional_id,
    }
    assert JournalEvent.objects.get(action="event.plan").lines.get().volets == "care"


def test_many_events_cost_what_one_does(town: Town, rose: Person, queries: BoundedQueries) -> None:
    journeys = [TransportDraft(traveller=Traveller.USAGER)]
    alice, costs = actor_of(town.alice), []
    for count in (1, 30):
        events = [drafts.event(rose, transports=journeys) for _ in range(count)]
        with queries(at_most=7) as seen:
            plan_events(alice, drafts=events)
        costs.append(len(seen))
    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"label": " "}, "label"),
        ({"ends_at": drafts.moments_ago(9)}, "ends_at"),
        ({"status": "arrived", "happened_at": drafts.moments_ago(-9)}, "status"),
        ({"status": "in-progress", "happened_at": drafts.moments_ago(-9)}, "status"),
        ({"status": "finished", "happened_at": drafts.moments_ago(-9)}, "status"),
        ({"status": "cancelled"}, "cancel_reason"),
    ],
)
def test_what_does_not_hold_is_invalid(
    changes: dict[str, object], field: str, town: Town, rose: Person
) -> None:
    with pytest.raises(Invalid) as invalid:
        plan_event(actor_of(town.alice), draft=drafts.event(rose, **changes))
    assert list(invalid.value.errors) == [field]


def test_a_received_event_may_end_before_it_starts(town: Town, rose: Person) -> None:
    draft = drafts.event(
        rose,
        ends_at=drafts.moments_ago(9),
        origin=Origin(establishment_id=town.ehpad.pk, author_name="Odile Renard"),
    )
    assert plan_event(actor_of(town.sofia), draft=draft).author_name == "Odile Renard"


def test_a_received_event_was_entered_when_it_happened_at_the_latest_now(
    town: Town, rose: Person
) -> None:
    sofia, past, to_come = actor_of(town.sofia), drafts.moments_ago(9), drafts.moments_ago(-9)
    origin = Origin(establishment_id=town.ehpad.pk)
    received = [drafts.event(rose, happened_at=at, origin=origin) for at in (past, to_come)]
    entered = [event.recorded_at for event in plan_events(sofia, drafts=received)]
    assert entered == [past, sofia.at]


def test_planning_asks_for_every_record(town: Town, rose: Person, louise: Person) -> None:
    with pytest.raises(Refused) as refused:
        plan_event(actor_of(town.alice), draft=drafts.event(rose, louise))
    assert refused.value.condition == "care_team"
    with pytest.raises(Refused) as refused:
        plan_event(actor_of(town.alice), draft=drafts.event(rose, volet=Volet.MEDICAL))
    assert refused.value.condition == "matrix"
    assert not Event.objects.exists()


def test_others_are_named_to_those_who_may_know_them(
    town: Town, rose: Person, louise: Person
) -> None:
    whole = actor_of(town.command_line)
    draft = drafts.event(rose, louise, establishment_id=town.ehpad.pk)
    event = plan_event(whole, draft=draft)
    for actor, count in ((whole, 2), (actor_of(town.alice), 1), (actor_of(town.charlie), 0)):
        assert participations_in(actor, rose.subject_id, event.pk).count() == count
    assert not events_of(actor_of(town.basile), rose.subject_id).exists()


def test_an_event_is_reported_once(town: Town, rose: Person) -> None:
    alice = actor_of(town.alice)
    event = plan_event(alice, draft=drafts.event(rose))
    place = {"subject_id": rose.subject_id, "event_id": event.pk}
    reported = report_event(alice, **place, outcome=DONE)
    assert (reported.status, reported.report) == (EventStatus.FINISHED, "Séance faite.")
    again = replace(DONE, report="Séance écourtée.")
    with pytest.raises(Conflict, match=f"{alice.display_name} est passé avant vous") as conflict:
        report_event(alice, **place, outcome=again)
    assert (conflict.value.mine, conflict.value.theirs) == ("Séance écourtée.", "Séance faite.")


def test_reporting_is_refused(town: Town, rose: Person, louise: Person) -> None:
    event = plan_event(actor_of(town.alice), draft=drafts.event(rose))
    for who, person, condition in (
        (town.nina, rose, "matrix"),
        (town.basile, rose, "hidden"),
        (town.charlie, rose, "hidden"),
        (town.alice, louise, "hidden"),
    ):
        with pytest.raises(Refused) as refused:
            report_event(
                actor_of(who), subject_id=person.subject_id, event_id=event.pk, outcome=DONE
            )
        assert refused.value.condition == condition


def test_what_is_to_come_has_no_report_and_a_cancellation_has_a_reason(
    town: Town, rose: Person
) -> None:
    alice = actor_of(town.alice)
    event = plan_event(alice, draft=drafts.event(rose, happened_at=drafts.moments_ago(-9)))
    for outcome in (DONE, Outcome(status=EventStatus.CANCELLED)):
        with pytest.raises(Invalid):
            report_event(alice, subject_id=rose.subject_id, event_id=event.pk, outcome=outcome)
    cancelled = Outcome(status=EventStatus.CANCELLED, cancel_reason=Coded(text="Grippe"))
    report_event(alice, subject_id=rose.subject_id, event_id=event.pk, outcome=cancelled)
