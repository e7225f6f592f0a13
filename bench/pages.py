"""The gestures of every day, asked from the running server over HTTP."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from bench.figures import Gesture, Weight, median, p95
from bench.server import HOST
from bench.visitor import Visitor
from virage.demo.builder import DEMO_PASSWORD, demo_code
from virage.demo.volume import DIRECTOR, NURSE
from virage.directory.middleware import remember
from virage.directory.models import Account
from virage.persons.models import Person

CALLS = 60
WARM_UP = 6
LIST_MS, RECORD_MS, SAVE_MS, STATEMENTS = 60, 80, 40, 12
LINKED = re.compile(r'(?:src|href)="(/static/[^"]+)"')
NOT_COUNTED = ("BEGIN", "COMMIT", "SAVEPOINT", "RELEASE", "ROLLBACK", "PRAGMA")
FLOOR = "Trivial page (sign-in form)"

Path = Callable[[Person], str]
Fields = Callable[[Person], dict[str, str]]


@dataclass(frozen=True)
class Measure:
    """A gesture to repeat, each time on another person: who does it, where, with which form."""

    name: str
    email: str
    path: Path
    fields: Fields | None = None
    budget_ms: int = RECORD_MS
    status: int = 200


def of_person(name: str) -> Path:
    """Return the address of a page of a record."""
    return lambda person: reverse(name, args=[person.pk])


def alone(name: str) -> Path:
    """Return the address of a page that names nobody."""
    return lambda person: reverse(name)


def _search(person: Person) -> dict[str, str]:
    return {"q": f"{person.used_family_name[:5]} {person.used_given_name[:3]}"}


def _note(person: Person) -> dict[str, str]:
    now = timezone.localtime()
    return {
        "volet": "care",
        "text": "Mesure : une transmission de longueur ordinaire, écrite en fin de poste.",
        "happened_at": f"{now:%Y-%m-%dT%H:%M}",
    }


MEASURES = (
    Measure("List of usagers, two units", NURSE, alone("persons:list"), budget_ms=LIST_MS),
    Measure("List of usagers, whole operator", DIRECTOR, alone("persons:list"), budget_ms=LIST_MS),
    Measure("Search, two units", NURSE, alone("persons:search"), _search, LIST_MS),
    Measure("Search, whole operator", DIRECTOR, alone("persons:search"), _search, LIST_MS),
    Measure("Home with the latest notes", NURSE, alone("directory:home"), budget_ms=LIST_MS),
    Measure("Record: identity", NURSE, of_person("persons:identity")),
    Measure("Record: timeline", NURSE, of_person("record:timeline")),
    Measure("Record: notes and their form", NURSE, of_person("record:notes")),
    Measure("Record: who has seen it", DIRECTOR, of_person("record:accesses")),
    Measure("Save a note", NURSE, of_person("record:notes"), _note, SAVE_MS, 302),
)


def measure_pages(port: int) -> tuple[list[Gesture], list[Weight]]:
    """Return what each gesture costs, the floor first, and what the first pages weigh."""
    visitors = {email: Visitor(HOST, port) for email in (NURSE, DIRECTOR)}
    stranger = Visitor(HOST, port)
    for email, visitor in visitors.items():
        visitor.sign_in(email, DEMO_PASSWORD, demo_code())
    persons = _persons_of(NURSE)
    floor = [stranger.get("/connexion/").seconds for _ in range(CALLS + WARM_UP)][WARM_UP:]
    gestures = [Gesture(FLOOR, median(floor), p95(floor))]
    gestures += [_measure(visitors[one.email], one, persons) for one in MEASURES]
    weights = [
        _weight("Sign-in page", stranger, "/connexion/"),
        _weight("Home, signed in", visitors[NURSE], "/"),
        _weight("List of usagers", visitors[NURSE], reverse("persons:list")),
    ]
    return gestures, weights


def _persons_of(email: str) -> list[Person]:
    establishment = _membership_of(email).establishment_id
    return list(Person.objects.filter(stays__establishment=establishment).order_by("id")[:CALLS])


def _membership_of(email: str) -> Any:
    account = Account.objects.select_related("professional").get(email=email)
    return account.professional.memberships.get()


def _measure(visitor: Visitor, one: Measure, persons: Sequence[Person]) -> Gesture:
    visitor.reconnect()
    durations = []
    for call in range(CALLS + WARM_UP):
        person = persons[call % len(persons)]
        path = one.path(person)
        answer = visitor.post(path, one.fields(person)) if one.fields else visitor.get(path)
        if answer.status != one.status:
            raise RuntimeError(f"{one.name}: {answer.status} instead of {one.status}")
        durations.append(answer.seconds)
    durations = durations[WARM_UP:]
    return Gesture(
        name=one.name,
        median_ms=median(durations),
        p95_ms=p95(durations),
        statements=_statements(one, persons[0]),
        budget_ms=one.budget_ms,
        max_statements=None if one.status == 302 else STATEMENTS,
    )


def _statements(one: Measure, person: Person) -> int:
    """Count the SQL statements of one call, session and journal included, in this process."""
    client = Client(SERVER_NAME=HOST)
    membership = _membership_of(one.email)
    client.force_login(membership.professional.account)
    session = client.session
    remember(session, membership.pk)
    session.save()
    seen: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        seen.append(sql)
        return execute(sql, *rest)

    with connection.execute_wrapper(count):
        path = one.path(person)
        client.post(path, one.fields(person)) if one.fields else client.get(path)
    return sum(not sql.lstrip().upper().startswith(NOT_COUNTED) for sql in seen)


def _weight(name: str, visitor: Visitor, path: str) -> Weight:
    """Add a page and every file of ours that it links to, compressed as a browser asks for."""
    visitor.reconnect()
    page = visitor.get(path, encoding="gzip, br")
    linked = sorted(set(LINKED.findall(visitor.get(path).text)))
    sizes = [len(visitor.get(link, encoding="gzip, br").body) for link in linked]
    return Weight(name, (len(page.body) + sum(sizes)) / 1000, 1 + len(sizes))
