"""Measures people at work together, in a process whose environment names its database.

`USERS SECONDS [--quick] FIGURES.json`
"""

import argparse
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import django

django.setup()

# Models exist once Django is set up.
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench import server  # noqa: E402
from bench.crowd import Usager, Worker, summed, work  # noqa: E402
from bench.figures import Figures, save  # noqa: E402
from bench.machine import name_of_database  # noqa: E402
from bench.visitor import Visitor  # noqa: E402
from virage.demo.builder import DEMO_PASSWORD, DEMO_SECRET, demo_code  # noqa: E402
from virage.demo.seeds.directory import give_factor, give_password  # noqa: E402
from virage.demo.volume import DIRECTOR, FULL, NURSE, QUICK, WRITERS, fill  # noqa: E402
from virage.directory.actions import open_account  # noqa: E402
from virage.directory.models import Account, Membership, Operator  # noqa: E402
from virage.directory.queries import actor_of, system_membership  # noqa: E402
from virage.foundation.access.enums import Volet  # noqa: E402
from virage.persons.models import Person  # noqa: E402
from virage.record.actions import write_notes  # noqa: E402
from virage.record.rules import NoteDraft  # noqa: E402

WRITTEN_AT_ONCE, PAUSE_S = 20, 0.25
VOLETS = {profession: volet for volet, profession in WRITERS.items()}


def main() -> None:
    """Fill the database, sign everyone in, let them work, and write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("users", type=int)
    parser.add_argument("seconds", type=float)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("figures", type=Path)
    arguments = parser.parse_args()
    volume = QUICK if arguments.quick else FULL
    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    fill(volume)
    emails = _accounts(arguments.users - 1)
    figures = Figures(database=name_of_database(), usagers=volume.usagers, notes=volume.notes)
    port = server.free_port()
    with server.in_production(port=port):
        workers = [_worker(port, email) for email in [*emails, DIRECTOR]]
        with second_writer(figures):
            calls = work(workers, seconds=arguments.seconds)
    figures.waits = summed(calls)
    figures.faults = sorted({f"{call.kind}: {call.fault}" for call in calls if call.fault})[:9]
    save(figures, arguments.figures)


def _accounts(count: int) -> list[str]:
    """Open an account for so many of those who write, home after home; return the addresses."""
    operator = Operator.objects.get(name="Organisme mesuré")
    system = actor_of(system_membership(operator), timezone.now())
    writers = Membership.objects.filter(profession__in=VOLETS, professional__account=None)
    chosen = writers.select_related("professional").order_by("id")[:count]
    emails = [f"{rank}@bench.example" for rank in range(len(chosen))]
    for email, one in zip(emails, chosen, strict=True):
        open_account(system, professional=one.professional, email=email)
    give_password(emails, DEMO_PASSWORD)
    give_factor(emails, DEMO_SECRET)
    return emails


def _worker(port: int, email: str) -> Worker:
    """Sign someone in by the form, second factor included."""
    visitor = Visitor(server.HOST, port)
    visitor.sign_in(email, DEMO_PASSWORD, demo_code())
    membership = _membership_of(email)
    persons = Person.objects.order_by("id")
    if membership.establishment_id:
        persons = persons.filter(stays__establishment=membership.establishment_id)
    usagers = [
        Usager(one.pk, f"{one.used_family_name[:5]} {one.used_given_name[:3]}")
        for one in persons[:100]
    ]
    return Worker(visitor, usagers, VOLETS.get(membership.profession, ""))


def _membership_of(email: str) -> Membership:
    account = Account.objects.select_related("professional").get(email=email)
    return account.professional.memberships.get()


@contextmanager
def second_writer(figures: Figures) -> Iterator[None]:
    """Write beside the site, as an import does, as long as this lasts; note the longest waits."""
    is_over = threading.Event()
    membership = _membership_of(NURSE)
    persons = Person.objects.filter(stays__establishment=membership.establishment_id)
    subject_ids = list(persons.order_by("id").values_list("subject_id", flat=True)[:20])

    def write() -> None:
        try:
            while not is_over.wait(PAUSE_S):
                _write_once(figures, membership, subject_ids)
        finally:
            connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        yield
    finally:
        is_over.set()
        writer.join()


def _write_once(figures: Figures, membership: Membership, subject_ids: Sequence[UUID]) -> None:
    now = timezone.now()
    draft = NoteDraft(
        subject_id=subject_ids[0], volet=Volet.CARE, text="Écrit à côté.", happened_at=now
    )
    drafts = [replace(draft, subject_id=one) for one in subject_ids][:WRITTEN_AT_ONCE]
    actor = actor_of(membership, now)
    start = time.perf_counter()
    # On SQLite a transaction begins by taking the lock; on PostgreSQL it waits row by row.
    with transaction.atomic():
        turn = time.perf_counter()
        write_notes(actor, drafts=drafts)
    end = time.perf_counter()
    figures.writes += 1
    figures.longest_lock_ms = max(figures.longest_lock_ms, (turn - start) * 1000)
    figures.longest_write_ms = max(figures.longest_write_ms, (end - start) * 1000)


main()
