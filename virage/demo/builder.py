"""The demo: an operator, its usagers and thirty days of their records, made as on the screens.

A second, small operator shares the machine: neither ever sees anything of the other.
"""

import time
from collections.abc import Callable, Iterable
from datetime import date
from typing import NamedTuple

from allauth.mfa import app_settings
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.db import transaction
from django.utils import timezone

from virage.demo import people
from virage.demo.seeds.access import seed_access
from virage.demo.seeds.agenda import seed_agenda
from virage.demo.seeds.directory import give_factor, give_password, seed_directory
from virage.demo.seeds.documents import seed_documents
from virage.demo.seeds.exchange import seed_exchange
from virage.demo.seeds.instruments import seed_instruments
from virage.demo.seeds.persons import seed_persons
from virage.demo.seeds.plans import seed_plans
from virage.demo.seeds.record import seed_record
from virage.demo.seeds.sheets import seed_sheets
from virage.foundation.access.matrix import profession_label
from virage.foundation.journal.writing import telling_the_past

DEMO_PASSWORD = "les-trois-rivieres"  # noqa: S105  # told to whoever starts the demo
DEMO_SECRET = "VIRAGEDEMOVIRAGEDEMOVIRAGEDEMO23"  # noqa: S105  # told beside it
HISTORY_DAYS = 30
NEIGHBOUR_HISTORY_DAYS = 4

Report = Callable[[str], None]


class DemoAccount(NamedTuple):
    """Who may sign in: name, profession in French, address; the operator if there are several."""

    name: str
    profession: str
    email: str
    operator: str = ""


def demo_code() -> str:
    """Return the code that the application of the demo would show now."""
    counter = int(time.time()) // app_settings.TOTP_PERIOD
    return format_hotp_value(hotp_value(DEMO_SECRET, counter))


def demo_accounts() -> list[DemoAccount]:
    """Return the accounts of the demo, which all open with `DEMO_PASSWORD` and `demo_code`."""
    return _accounts((*people.staff(), *people.neighbour_staff()))


def house_accounts() -> list[DemoAccount]:
    """Return the accounts of the operator that the demo is about, without its neighbour's."""
    return _accounts(people.staff())


def _accounts(staff: Iterable[people.StaffMember]) -> list[DemoAccount]:
    return [
        DemoAccount(
            name=f"{member.name.given} {member.name.family}",
            profession=profession_label(member.situations[0].profession),
            email=member.email,
        )
        for member in staff
    ]


@transaction.atomic
@telling_the_past()
def build_demo(*, report: Report | None = None, today: date | None = None) -> None:
    """Fill an empty instance, all or nothing; the same day gives the same records.

    `report` is told, in French, which part begins.
    """
    today = today or timezone.localdate()
    tell = report or (lambda part: None)
    tell("Structures et professionnels")
    house = seed_directory(
        people.structures(), people.staff(), today=today, history_days=HISTORY_DAYS
    )
    tell("Personnes accompagnées")
    usagers = seed_persons(house)
    tell("Transmissions")
    seed_record(house, usagers)
    tell("Agenda")
    seed_agenda(house, usagers)
    tell("Évaluations, plans et documents")
    seed_instruments(house, usagers)
    seed_sheets(house, usagers)
    seed_plans(house, usagers)
    seed_documents(house, usagers)
    tell("Restrictions, dossiers reçus, organisme voisin")
    seed_access(house, usagers)
    seed_exchange(house)
    _build_neighbour(today)
    emails = [account.email for account in demo_accounts()]
    give_password(emails, DEMO_PASSWORD)
    give_factor(emails, DEMO_SECRET)


def _build_neighbour(today: date) -> None:
    neighbour = seed_directory(
        people.neighbour_structures(),
        people.neighbour_staff(),
        today=today,
        history_days=NEIGHBOUR_HISTORY_DAYS,
    )
    seed_record(neighbour, seed_persons(neighbour))
