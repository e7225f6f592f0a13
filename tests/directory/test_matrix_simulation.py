"""What a draft of the matrix would have changed in the reads of the last days."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.directory.test_matrix_versions import changed, enforce
from tests.factories.town import Town, actor_of, sign_in
from virage.directory.actions.matrix import draft_matrix
from virage.directory.enums import Effect
from virage.directory.models import Membership
from virage.directory.queries import matrix
from virage.directory.queries.matrix import Simulation, simulate
from virage.directory.rules.matrix import Table, effect_of, table_of
from virage.foundation.access.enums import Cell
from virage.foundation.access.matrix import Grant
from virage.foundation.ids import new_id
from virage.foundation.journal.models import JournalEvent, JournalLine

GRANTS = st.sets(st.builds(Grant, st.sampled_from(Cell), st.sampled_from([None, 24, 72])))


def read(member: Membership, action: str, volets: str, *, days: int = 1, persons: int = 1) -> None:
    """Journal a past read as pages do."""
    event = JournalEvent.objects.create(
        at=timezone.now() - timedelta(days=days),
        operator_id=member.operator_id,
        professional_id=member.professional_id,
        actor_name=member.professional.display_name,
        profession=member.profession,
        action=action,
        is_write=False,
    )
    lines = [JournalLine(event=event, subject_id=new_id(), volets=volets) for _ in range(persons)]
    JournalLine.objects.bulk_create(lines)


def tried(town: Town, table: Table, days: int = 30) -> Simulation:
    actor = actor_of(town.gaspard)
    return simulate(actor, draft_matrix(actor, cells=table, expected_version=0), days=days)


def told(simulation: Simulation) -> Iterator[tuple[Any, ...]]:
    for one in simulation.rows:
        yield one.profession, one.column, one.effect, one.count, one.people, one.told_gestures


@pytest.mark.django_db
def test_who_would_have_lost_and_gained_what(town: Town, queries: Any) -> None:
    read(town.alice, "record.facts", "administrative,care,socio_educative")
    read(town.alice, "record.notes", "care,socio_educative", days=29)
    read(town.alice, "record.notes", "care")
    read(town.alice, "note.read", "socio_educative", days=31)  # Too long ago.
    read(town.alice, "person.list", "", persons=40)
    read(town.denis, "exchange.export", "medical,care,psychological")
    read(town.charlie, "record.notes", "socio_educative")  # Of another operator.
    read(town.bob, "record.facts", "socio_educative", persons=2)
    table = changed("nurse", "socio_educative", "none")
    table = changed("educator", "care", "alerts", "published", table=table)
    table = changed("physician", "psychological", "none", table=table)
    table = changed("physician", "whole", "none", table=table)
    table = changed(
        "nurse", "care", "read", table=table
    )  # She writes no more: nothing is read less.
    actor = actor_of(town.gaspard)
    draft = draft_matrix(actor, cells=table, expected_version=0)
    with queries(at_most=2):
        simulation = simulate(actor, draft, days=30)
    assert list(told(simulation)) == [
        ("physician", "psychological", Effect.REFUSED, 0, "", ""),
        (
            "physician",
            "export",
            Effect.REFUSED,
            1,
            "Denis Fabre",
            "Dossier lu pour être exporté (1)",
        ),
        (
            *("nurse", "socio_educative", Effect.REFUSED, 2, "Alice Martel"),
            "Chronologie lue (1), Transmissions lues (1)",
        ),
        ("educator", "care", Effect.WIDENED, 0, "", ""),
    ]
    assert not simulation.is_cut


@pytest.mark.django_db
def test_a_volet_that_opens_counts_the_pages_where_it_would_have_shown(town: Town) -> None:
    read(town.aude, "record.facts", "care")
    read(town.aude, "person.read", "")
    simulation = tried(town, changed("care_assistant", "psychological", "published"))
    assert [(one.effect, one.count) for one in simulation.rows] == [(Effect.OPENED, 1)]


@pytest.mark.django_db
def test_a_window_is_said_to_take_perhaps_for_the_journal_names_no_writing(
    client: Client, town: Town
) -> None:
    read(town.alice, "note.latest", "care")
    draft_matrix(
        actor_of(town.gaspard),
        cells=changed("nurse", "care", "read@72", "write"),
        expected_version=0,
    )
    sign_in(client, town.gaspard)
    page = client.get("/annuaire/droits/projet/").content.decode()
    assert "lectures qui auraient pu montrer moins" in page
    assert "ni leur âge" in page


@pytest.mark.django_db
def test_who_may_know_nobody_any_more_loses_whole_records(town: Town) -> None:
    read(town.nina, "person.read", "")
    read(town.nina, "record.notes", "care")
    simulation = tried(town, changed("night_watch", "administrative", "none"))
    assert [(one.column, one.effect, one.count) for one in simulation.rows] == [
        ("whole", Effect.REFUSED, 2)
    ]


@pytest.mark.django_db
def test_who_may_know_nobody_any_more_exports_nothing_either(town: Town) -> None:
    read(town.denis, "exchange.export", "medical,care")
    simulation = tried(town, changed("physician", "administrative", "none"))
    assert [(one.column, one.count) for one in simulation.rows] == [("whole", 1)]


@pytest.mark.django_db
def test_a_verb_or_a_volet_that_opens_adds_nothing_to_pages_that_showed_none(town: Town) -> None:
    read(town.sofia, "person.read", "")
    read(town.sofia, "record.notes", "socio_educative,money")  # Under an earlier version.
    read(town.sofia, "record.facts", "money")
    enforce(town, changed("secretary", "whole", "none"))
    table = changed("secretary", "whole", "import")
    simulation = tried(town, changed("secretary", "socio_educative", "read", table=table))
    told = [(one.column, one.effect, one.count) for one in simulation.rows]
    assert told == [("socio_educative", Effect.OPENED, 1), ("import", Effect.OPENED, 0)]


@pytest.mark.django_db
def test_a_large_journal_is_gone_through_from_its_end(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matrix, "MOST_EVENTS", 3)
    for days in (5, 4, 3, 2):
        read(town.alice, "record.notes", "care", days=days)
    simulation = tried(town, changed("nurse", "care", "none"))
    assert (simulation.is_cut, simulation.rows[0].count) == (True, 3)
    assert simulation.since is not None
    assert timezone.now() - simulation.since < timedelta(days=4, hours=1)


@pytest.mark.django_db
def test_a_draft_equal_to_what_is_in_force_asks_the_journal_nothing(
    town: Town, queries: Any
) -> None:
    actor = actor_of(town.gaspard)
    draft = draft_matrix(actor, cells=table_of({}), expected_version=0)
    with queries(at_most=0):
        assert simulate(actor, draft, days=30).rows == []


@given(before=GRANTS, after=GRANTS)
def test_an_effect_and_the_effect_of_going_back_mirror_each_other(
    before: set[Grant], after: set[Grant]
) -> None:
    mirrored = {
        Effect.REFUSED: Effect.OPENED,
        Effect.NARROWED: Effect.WIDENED,
        Effect.CHANGED: Effect.CHANGED,
        Effect.WIDENED: Effect.NARROWED,
        Effect.OPENED: Effect.REFUSED,
        None: None,
    }
    assert effect_of(after, before) == mirrored[effect_of(before, after)]
    assert effect_of(before, before) is None
