"""« Qui a vu »: who read or wrote a record, as the person herself may ask."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import QueryDict

from virage.directory.models import Establishment
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.matrix import profession_label
from virage.foundation.access.verdict import require
from virage.foundation.content import nomenclature
from virage.foundation.journal.collector import saw
from virage.foundation.journal.models import JournalEvent, JournalLine
from virage.foundation.journal.queries import accesses_to
from virage.foundation.ui.paging import Column, Paging, paginate
from virage.persons.models import Person

COLUMNS = tuple(
    Column(label) for label in ("Quand", "Qui", "Profession et lieu", "Geste", "Volets", "Motif")
)
# Where someone acts whose situation covers every establishment.
WHOLE = "Tout l’organisme"


@dataclass(frozen=True, kw_only=True)
class Access:
    """One line of « qui a vu »; `place` is the establishment in which whoever it was acted."""

    at: datetime
    professional_id: UUID | None
    name: str
    profession: str
    place: str
    gesture: str
    volets: str
    purpose: str
    is_write: bool


def accesses_of(
    actor: Actor, person: Person, query: QueryDict, *, is_write: bool | None = None
) -> Paging[Access]:
    """Return a page of who read or wrote a record, latest first, journalled; three SQL
    statements.

    Refused to those who do not read the administrative volet. `is_write` keeps readings or
    writings alone. The last column is there only if a line of the page has a purpose.
    """
    require(actor, Cell.READ, None, Volet.ADMINISTRATIVE)
    lines = accesses_to(person.subject_id)
    if is_write is not None:
        lines = lines.filter(event__is_write=is_write)
    page: Paging[Any] = paginate(lines, query, COLUMNS)
    saw(actor, "record.accesses", [person.subject_id], [Volet.ADMINISTRATIVE])
    places = _places(actor)
    rows = [_access(line, places) for line in page.rows]
    headings = page.headings if has_purposes(rows) else page.headings[:-1]
    return replace(page, rows=rows, headings=headings)


def every_access_to(actor: Actor, person: Person, within: Q | None = None) -> Iterator[Access]:
    """Return every access to a record, latest first, for the person to take away; journalled, two
    SQL statements.

    `within` keeps those of a period. Refused as `accesses_of`.
    """
    require(actor, Cell.READ, None, Volet.ADMINISTRATIVE)
    saw(actor, "record.accesses_file", [person.subject_id], [Volet.ADMINISTRATIVE])
    places = _places(actor)
    lines = accesses_to(person.subject_id).filter(within or Q())
    return (_access(line, places) for line in lines.iterator())


def has_purposes(rows: Iterable[Access]) -> bool:
    """Whether one of these lines says why."""
    return any(row.purpose for row in rows)


# Those that show no more than an identity, whatever the page.
GLIMPSES = {"person.list", "person.search", "person.look_alikes", "person.photo"}
# Told in its own words, whatever it opens.
EMERGENCY = "bris_de_glace."
# What shows nothing of her, not even who she is.
SHOWS_NOTHING = {"bris_de_glace.consider"}


def told_gesture(event: JournalEvent, *, has_volets: bool) -> str:
    """Say a gesture; who opened a page without a volet of a person saw her identity alone."""
    says_itself = event.action in GLIMPSES or event.action.startswith(EMERGENCY)
    if event.is_write or has_volets or says_itself:
        return _worded(event)
    return "Identité vue"


def _worded(event: JournalEvent) -> str:
    """The journal never changes: it may hold a verb that an earlier version wrote."""
    gestures = nomenclature.get("gesture")
    if gestures.has(event.action):
        return nomenclature.typeset(gestures.label(event.action))
    return "Écriture" if event.is_write else "Lecture"


def _places(actor: Actor) -> dict[UUID, str]:
    own = Establishment.objects.filter(operator=actor.operator_id)
    return dict(own.values_list("pk", "name").order_by("pk"))


def _access(line: JournalLine, places: Mapping[UUID, str]) -> Access:
    event = line.event
    volets = [Volet(volet).label for volet in line.volets.split(",") if volet]
    return Access(
        at=event.at,
        professional_id=event.professional_id,
        name=event.actor_name,
        profession=profession_label(event.profession),
        place=places.get(event.establishment_id, "") if event.establishment_id else WHOLE,
        gesture=told_gesture(event, has_volets=bool(line.volets)),
        volets=", ".join(volets) or ("Rien" if event.action in SHOWS_NOTHING else "Identité"),
        purpose=event.purpose,
        is_write=event.is_write,
    )
