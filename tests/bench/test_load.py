"""The load test itself: people work, each call is counted, and what fails is told."""

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from bench import load
from bench.crowd import ALL, KINDS, Usager, Wait, Worker, summed, work
from bench.figures import Figures
from bench.visitor import Visitor
from tests.factories.town import Town, sign_in
from tests.persons.admissions import admit
from virage.record.models import Note


def _worker(town: Town, server: LiveServer, membership: Any, volet: str) -> Worker:
    client = Client()
    sign_in(client, membership)
    visitor = Visitor(server.thread.host, server.thread.port)
    visitor.get("/connexion/")  # which gives the token of the forms
    visitor.cookies[settings.SESSION_COOKIE_NAME] = client.cookies["sessionid"].value
    person = admit(town, town.unit_a)
    return Worker(visitor, [Usager(person.pk, "Lambert Rose")], volet)


@pytest.mark.django_db(transaction=True)
def test_two_people_work_for_three_seconds(town: Town, live_server: LiveServer) -> None:
    nurse = _worker(town, live_server, town.alice, "care")
    reader = Worker(_worker(town, live_server, town.diane, "").visitor, nurse.usagers)
    started = timezone.now()
    calls = work([nurse, reader], seconds=3, thinks_s=(0.0, 0.05))
    assert timezone.now() - started < timedelta(seconds=30)
    assert [call for call in calls if call.fault] == []
    written = sum(call.kind == "Write a note" for call in calls)
    assert Note.objects.count() == written
    rows = summed(calls)
    assert rows[-1].name == ALL
    assert rows[-1].calls == len(calls) == sum(row.calls for row in rows[:-1])


def test_a_page_refused_or_a_server_gone_is_an_error() -> None:
    gone = Worker(Visitor("127.0.0.1", 1), [Usager(Note().pk, "")])
    calls = work([gone], seconds=0.2, thinks_s=(0.0, 0.01))
    assert calls and all("refused" in call.fault for call in calls)


def test_what_people_do_makes_a_hundred_and_a_tenth_of_it_writes() -> None:
    assert sum(kind.percent for kind in KINDS) == 100
    assert KINDS[-1].percent == 10


def test_the_budget_is_missed_by_one_error_or_by_the_slowest_twentieth() -> None:
    verdicts = []
    for slow, fault in ((0.3, ""), (0.31, ""), (0.1, "500, not 200")):
        calls = [Wait("Home", 0.1, fault), *(Wait("Home", slow, "") for _ in range(9))]
        told = load.told([Figures("SQLite 3", 9, 9, waits=summed(calls))], 0.0)
        line = next(line for line in told.splitlines() if line.startswith(f"| {ALL}"))
        verdicts.append("kept" in line)
    assert verdicts == [True, False, False]
