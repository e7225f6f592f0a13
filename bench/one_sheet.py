"""Measures a long questionnaire, in a process whose environment names its database: `FILE`."""

import argparse
import gc
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django

django.setup()

# Models exist once Django is set up.
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.figures import Figures, save, timed  # noqa: E402
from bench.machine import name_of_database  # noqa: E402
from bench.questionnaire import answers, instrument, ship  # noqa: E402
from bench.server import HOST  # noqa: E402
from virage.demo.volume import NURSE, Volume, fill  # noqa: E402
from virage.directory.middleware import remember  # noqa: E402
from virage.directory.models import Account, Membership  # noqa: E402
from virage.directory.queries import actor_of  # noqa: E402
from virage.instruments.actions import (  # noqa: E402
    Typed,
    answer_sheet,
    begin_sheet,
    take_in_sheet,
)
from virage.instruments.forms.sheet import SheetForm  # noqa: E402
from virage.instruments.queries import find_sheet  # noqa: E402
from virage.instruments.rules.sheet import SheetDraft  # noqa: E402
from virage.persons.models import Stay  # noqa: E402

CALLS, WARM_UP = 60, 6
PAGE_MS, SAVE_MS, DIFFERENCE_MS = 60, 40, 50


def main() -> None:
    """Fill a small database, time the gestures, and write the figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("figures", type=Path)
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    for command in ("migrate", "createcachetable"):
        call_command(command, verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    nothing = {"events_each": 0, "evaluations_each": 0, "documents_each": 0, "readings_each": 0}
    fill(Volume(establishments=1, usagers=14, notes=0, **nothing))
    ship()
    figures = Figures(database=name_of_database(), usagers=14, notes=0)
    gestures = _gestures()
    # As the web server does (virage/wsgi.py).
    gc.collect()
    gc.freeze()
    sizes = {"calls": CALLS, "warm_up": WARM_UP}
    figures.gestures = [
        timed(name, gesture, **sizes, budget_ms=budget_ms) for name, gesture, budget_ms in gestures
    ]
    save(figures, arguments.figures)


def _gestures() -> list[tuple[str, Callable[[int], object], int]]:
    membership = _nurse()
    client = _signed_in(membership)
    stay = Stay.objects.filter(unit__in=membership.units.all()).select_related("person").first()
    if stay is None:
        raise RuntimeError("nobody stays in the units of the nurse")
    actor = actor_of(membership, timezone.now())
    draft = SheetDraft(subject_id=stay.subject_id, instrument=instrument(), happened_at=actor.at)
    two = [take_in_sheet(actor, draft=draft, answers=answers(level)) for level in (0, 2)]
    sheet = begin_sheet(actor, draft=draft)
    answer_sheet(actor, sheet_id=sheet.pk, typed=Typed(0, answers(1)))
    page = reverse("record:sheet", args=[stay.person_id, sheet.pk])
    compared = reverse(
        "record:evaluation_comparison", args=[stay.person_id, *(one.pk for one in two)]
    )
    saved = _saver(client, page, SheetForm(opened=find_sheet(actor, stay.subject_id, sheet.pk)))
    return [
        ("The page, all its questions", lambda _: _opened(client, page), PAGE_MS),
        ("Save of an answer", lambda call: saved(call, 302), SAVE_MS),
        ("Save in place, the page shown again", lambda call: saved(call, 200), PAGE_MS + SAVE_MS),
        ("Difference of two evaluations", lambda _: _opened(client, compared), DIFFERENCE_MS),
    ]


def _nurse() -> Membership:
    account = Account.objects.select_related("professional").get(email=NURSE)
    membership: Membership = account.professional.memberships.get()
    return membership


def _signed_in(membership: Membership) -> Client:
    client = Client(SERVER_NAME=HOST)
    client.force_login(membership.professional.account)
    session = client.session
    remember(session, membership.pk)
    session.save()
    return client


def _opened(client: Client, url: str) -> Any:
    answer = client.get(url)
    if answer.status_code != 200:
        raise RuntimeError(f"{url}: {answer.status_code}")
    return answer


def _saver(client: Client, page: str, form: SheetForm) -> Callable[[int, int], None]:
    """Return what changes one answer and sends the whole form, in place or not."""
    typed = {name: value for name in form.fields if (value := form[name].value()) not in (None, "")}
    typed = {name: value for name, value in typed.items() if value is not False} | {"step": "save"}

    def send(call: int, expected: int) -> None:
        typed["q__item_0_0"] = f"level_{call % 4}"
        headers = {"HX-Request": "true"} if expected == 200 else {}
        body = urlencode(typed, doseq=True)
        answer = client.post(page, body, "application/x-www-form-urlencoded", headers=headers)
        if answer.status_code != expected:
            raise RuntimeError(f"{page}: {answer.status_code}")
        typed["seen"] += 1

    return send


main()
