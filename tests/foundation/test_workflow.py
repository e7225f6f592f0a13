"""Moving a thing: the table decides, the log tells it all, and who comes second is told."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories.town import Town, actor_of, build_town
from virage.exchange.actions.receiving import receive_file
from virage.exchange.models import Import
from virage.foundation.errors import Conflict, DomainError, Invalid, Refused
from virage.foundation.journal.models import JournalEvent
from virage.foundation.workflow.actions import move
from virage.foundation.workflow.models import Transition
from virage.foundation.workflow.queries import history_of, progress_of
from virage.foundation.workflow.tables import table_of

pytestmark = pytest.mark.django_db


def received_by(membership: Any) -> Import:
    return receive_file(actor_of(membership), file_name="a.json", content=b"{}")


def held(town: Town) -> Import:
    item = received_by(town.sofia)
    return move(actor_of(town.sofia), item=item, verb="held")


def test_a_step_changes_the_state_the_log_and_the_journal(town: Town) -> None:
    item = held(town)
    diane = actor_of(town.diane)
    move(diane, item=item, verb="discard", seen_state="held", reason=" Reçu par erreur ")
    item.refresh_from_db()
    assert item.state == "discarded"
    assert [(one.from_state, one.to_state, one.actor_name) for one in history_of(item)] == [
        ("", "received", "Sofia Costa"),
        ("received", "held", "Sofia Costa"),
        ("held", "discarded", "Diane Perrin"),
    ]
    last = history_of(item).last()
    assert (last.why, last.version, last.profession) == ("Reçu par erreur", "1", "director")
    event = JournalEvent.objects.get(action="import.discard")
    assert (event.purpose, event.target_id) == ("Reçu par erreur", item.pk)
    assert event.detail == {"from": "held", "to": "discarded"}


def test_what_is_refused_changes_nothing(town: Town) -> None:
    item = held(town)
    refusals: list[tuple[Any, dict[str, Any], type[DomainError], str]] = [
        (town.diane, {"verb": "discard"}, Invalid, "Dites pourquoi"),
        (town.alice, {"verb": "settle"}, Refused, "Secrétaire, comptable"),
        (town.diane, {"verb": "imported"}, Refused, "« Comparer les identités », « Écarter"),
        (town.diane, {"verb": "settle", "seen_state": "received"}, Conflict, "Sofia Costa est"),
    ]
    for who, asked, kind, told in refusals:
        with pytest.raises(kind) as error:
            move(actor_of(who), item=item, **asked)
        said = [str(part) for part in (*error.value.args, getattr(error.value, "whom_to_ask", ""))]
        assert told in " ".join(said)
    item.refresh_from_db()
    assert item.state == "held"
    assert history_of(item).count() == 2


def test_the_screen_is_told_what_may_be_done_and_by_whom(town: Town) -> None:
    item, urls = held(town), {"settle": "/s/", "discard": "/d/"}
    offered = progress_of(actor_of(town.diane), item, urls)
    assert [(one.step.verb, one.url, one.refused) for one in offered.steps] == [
        ("settle", "/s/", None),
        ("discard", "/d/", None),
    ]
    assert offered.due_at is not None
    assert not offered.is_late
    assert all(one.refused for one in progress_of(actor_of(town.alice), item, urls).steps)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([one.verb for one in table_of("import").steps]), max_size=6))
def test_the_log_replays_to_the_present_state(town: Town, verbs: list[str]) -> None:
    item, sofia = received_by(town.sofia), actor_of(town.sofia)
    for verb in verbs:
        try:
            move(sofia, item=item, verb=verb, reason="essai")
        except Refused:
            continue
    item.refresh_from_db()
    state = ""
    for one in history_of(item):
        assert one.from_state == state
        assert one.step is None or (state in one.step.leaves and one.to_state == one.step.leads_to)
        state = one.to_state
    assert state == item.state


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_once_the_second_is_told_who_went_first() -> None:
    town = build_town()
    item, start = held(town), Barrier(2)

    def discard(membership: Any) -> str:
        actor = actor_of(membership)
        start.wait()
        try:
            move(actor, item=item, verb="discard", seen_state="held", reason="Pas ici")
        except Conflict as conflict:
            return conflict.message
        finally:
            connection.close()
        return actor.display_name

    with ThreadPoolExecutor(2) as people:
        first, second = sorted(people.map(discard, [town.diane, town.sofia]), key=len)
    assert second.startswith(f"{first} est passé avant vous, le ")
    assert "« Écarté »" in second
    assert Transition.objects.filter(item_id=item.pk, verb="discard").count() == 1
