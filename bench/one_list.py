"""Measures a list with and without the access rules, in a process whose environment names its
database: `FIGURES.json`.
"""

import argparse
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import product
from pathlib import Path
from typing import Any
from unittest.mock import patch

import django

django.setup()

# Models exist once Django is set up.
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.db.models import Q  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.figures import Comparison, Figures, median, save  # noqa: E402
from bench.machine import name_of_database  # noqa: E402
from bench.pages import NOT_COUNTED  # noqa: E402
from bench.server import HOST  # noqa: E402
from virage.demo.volume import DIRECTOR, NURSE, Volume, fill  # noqa: E402
from virage.directory.middleware import remember  # noqa: E402
from virage.directory.models import Account, Membership  # noqa: E402
from virage.foundation.access.enums import Reach  # noqa: E402
from virage.foundation.access.models import Restriction  # noqa: E402
from virage.persons.models import Stay  # noqa: E402
from virage.persons.queries import people  # noqa: E402

FEW, MANY = 14, 5_000
CALLS, WARM_UP = 40, 5
LIST = "/usagers/"
# One usager in so many closes her record, or one stay of it, to a profession.
CLOSED = {"nurse": 50, "director": 50, "educator": 25, "physician": 20}
READERS = {
    "Director of the operator": (DIRECTOR, Reach.OPERATOR),
    "Nurse of the establishment": (NURSE, Reach.ESTABLISHMENT),
    "Nurse of its two units": (NURSE, Reach.UNITS),
}


def main() -> None:
    """Fill the database, compare, and write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("figures", type=Path)
    arguments = parser.parse_args()
    # The client is no browser: what it logs would be measured too.
    logging.disable(logging.CRITICAL)
    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    nothing = {"events_each": 0, "evaluations_each": 0, "documents_each": 0, "readings_each": 0}
    fill(Volume(establishments=1, usagers=MANY, notes=0, **nothing))
    _close()
    comparisons = [_compare(name, *reader) for name, reader in READERS.items()]
    figures = Figures(database=name_of_database(), usagers=MANY, notes=0)
    figures.comparisons = _with_few(comparisons)
    save(figures, arguments.figures)


def _close() -> None:
    """Write objections and restrictions on one stay, in force."""
    stays = Stay.objects.order_by("id").values_list("pk", "subject_id")
    Restriction.objects.bulk_create(
        Restriction(
            subject_id=subject_id,
            profession=profession,
            item_id=stay_id if number % 2 else None,
            reason="Elle s’y oppose.",
        )
        for (number, (stay_id, subject_id)), (profession, every) in product(
            enumerate(stays), CLOSED.items()
        )
        if number % every == 0
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _compare(name: str, email: str, reach: Reach) -> Comparison:
    client = _client_of(email, reach)
    for _ in range(WARM_UP):
        _timed(client)
    ruled, free = [], []
    for _ in range(CALLS):
        ruled.append(_timed(client))
        with _without_rules():
            free.append(_timed(client))
    ratios = sorted(one / other for one, other in zip(ruled, free, strict=True))
    return Comparison(
        name=name,
        with_ms=median(ruled),
        without_ms=median(free),
        ratio=ratios[len(ratios) // 2],
        statements=_statements(client),
    )


def _with_few(comparisons: list[Comparison]) -> list[Comparison]:
    """Count the statements of the same lists once few usagers are left in them."""
    few = Stay.objects.order_by("id").values("pk")[:FEW]
    Stay.objects.exclude(pk__in=list(few.values_list("pk", flat=True))).delete()
    return [
        replace(one, statements_of_few=_statements(_client_of(*READERS[one.name])))
        for one in comparisons
    ]


def _client_of(email: str, reach: Reach) -> Client:
    membership: Membership = (
        Account.objects.select_related("professional").get(email=email)
    ).professional.memberships.get()
    Membership.objects.filter(pk=membership.pk).update(reach=reach)
    client = Client(SERVER_NAME=HOST)
    client.force_login(membership.professional.account)
    session = client.session
    remember(session, membership.pk)
    session.save()
    return client


def _timed(client: Client) -> float:
    start = time.perf_counter()
    answer = client.get(LIST)
    seconds = time.perf_counter() - start
    if answer.status_code != 200:
        raise RuntimeError(f"{LIST}: {answer.status_code}")
    return seconds


def _statements(client: Client) -> int:
    with CaptureQueriesContext(connection) as seen:
        _timed(client)
    return sum(not one["sql"].lstrip().upper().startswith(NOT_COUNTED) for one in seen)


@contextmanager
def _without_rules() -> Iterator[None]:
    def everything(*_: Any, **__: Any) -> Q:
        return Q()

    with (
        patch.object(people, "items_in_reach_of", everything),
        patch.object(people, "subjects_visible_to", everything),
    ):
        yield


main()
