"""What is asked of others on the sheets of a record, and what is asked of the actor."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.db.models import Q
from django.urls import reverse

from virage.directory.models import Membership
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.access.matrix import profession_label
from virage.foundation.journal.collector import saw
from virage.foundation.ui.home import Card, Line
from virage.instruments.models import SheetRequest
from virage.instruments.queries import (
    OpenSheet,
    instrument_of,
    professions_answering,
    requests_to,
)
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.sections import sections
from virage.persons.models import Referent
from virage.persons.queries.people import stays_visible_to

LINES = 5
WHOLE = "Toute la saisie"


@dataclass(frozen=True)
class Asked:
    """A part of a sheet that is asked of someone."""

    request: SheetRequest
    part: str


def asked_on(opened: OpenSheet) -> list[Asked]:
    """Return what is asked of others on a sheet that the actor was given."""
    return [Asked(one, _part(opened.instrument, one)) for one in opened.requests]


def whom_to_ask(
    actor: Actor, opened: OpenSheet
) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the professions that read and answer a sheet, then the situations of colleagues who do
    so in the care team of its subject, each with its words; one SQL statement.
    """
    professions = professions_answering(actor, opened)
    sheet, day = opened.sheet, actor.today
    # Who began it reads it, whatever his profession reads of others.
    reading = Q(profession__in=professions) | Q(
        professional=sheet.author_id, profession=sheet.author_profession
    )
    stays = stays_visible_to(actor).open_to_unit_at(actor.at).filter(subject=sheet.subject_id)
    referents = Referent.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day), subject=sheet.subject_id, starts_on__lte=day
    )
    in_team = (
        Q(reach=Reach.ESTABLISHMENT)
        | Q(reach=Reach.UNITS, units__in=stays.values("unit"))
        | Q(professional__in=referents.values("professional"))
    )
    colleagues = (
        Membership.objects.active(actor.at)
        .filter(in_team, reading, establishment=sheet.establishment_id)
        .exclude(professional=actor.professional_id)
        .select_related("professional")
        .order_by("professional__family_name", "professional__given_name", "pk")
        .distinct()
    )
    return (
        [(one, profession_label(one)) for one in professions],
        [(str(one.pk), f"{one.professional}, {one.profession_label}") for one in colleagues],
    )


def asked_of_me_card(actor: Actor) -> Card | None:
    """Return what colleagues ask the actor to fill in, journalled; one SQL statement, and no card
    when nothing is asked of him.
    """
    asked = requests_to(replace(actor, has_broken_glass=False))
    shown = list(asked.select_related("sheet__subject__person").order_by("asked_at", "id")[:LINES])
    if not shown:
        return None
    for one in shown:
        saw(actor, "sheet.asked", [one.sheet.subject_id], [one.sheet.volet])
    return Card(title="À remplir", icon="clipboard-list", summary="", lines=tuple(_lines(shown)))


def _lines(shown: list[SheetRequest]) -> Iterator[Line]:
    for one in shown:
        person, instrument = one.sheet.subject.person, instrument_of(one.sheet)
        yield Line(
            label=f"{person.display_name} · {instrument.title}",
            url=reverse("record:sheet", args=[person.pk, one.sheet_id]) + _place(one),
            at=one.asked_at,
            note=f"demandé par {one.asked_by_name}",
            text=_part(instrument, one),
        )


def _place(request: SheetRequest) -> str:
    """Return where what is asked stands on the page of its sheet."""
    return f"#part-{request.section}" if request.section else ""


def _part(instrument: Instrument, request: SheetRequest) -> str:
    titles = {one.id: one.title for one in sections(instrument)}
    return titles.get(request.section, WHOLE)
