"""The demo: one operator, its usagers and thirty days of their records, made as on the screens."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone

from virage.demo import people
from virage.demo.seeds.agenda import seed_agenda
from virage.demo.seeds.directory import seed_directory
from virage.demo.seeds.documents import seed_documents
from virage.demo.seeds.instruments import seed_instruments
from virage.demo.seeds.persons import seed_persons
from virage.demo.seeds.record import seed_record
from virage.foundation.access.matrix import profession_label

DEMO_PASSWORD = "les-trois-rivieres"  # noqa: S105  # told to whoever starts the demo

Report = Callable[[str], None]


class DemoAccount(NamedTuple):
    """Who may sign in: name, profession in French, e-mail address."""

    name: str
    profession: str
    email: str


def demo_accounts() -> list[DemoAccount]:
    """Return the accounts of the demo, which all open with `DEMO_PASSWORD`."""
    return [
        DemoAccount(
            name=f"{member.name.given} {member.name.family}",
            profession=profession_label(member.situations[0].profession),
            email=member.email,
        )
        for member in people.staff()
    ]


@transaction.atomic
def build_demo(*, report: Report | None = None, today: date | None = None) -> None:
    """Fill an empty instance, all or nothing; the same day gives the same records.

    `report` is told, in French, which part begins.
    """
    tell = report or (lambda part: None)
    tell("Structures et professionnels")
    house = seed_directory(today or timezone.localdate(), password=DEMO_PASSWORD)
    tell("Personnes accompagnées")
    usagers = seed_persons(house)
    tell("Transmissions")
    seed_record(house, usagers)
    tell("Agenda")
    seed_agenda(house, usagers)
    tell("Évaluations et documents")
    seed_instruments(house, usagers)
    seed_documents(house, usagers)
