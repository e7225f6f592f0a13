"""Reading an edition whole: what it says, framed, as a tree; and which ones are offered."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from virage.directory.queries import unit_of
from virage.editions.enums import Kind
from virage.editions.queries.facts import accesses_told, notes_told
from virage.editions.queries.frame import frame_of
from virage.editions.queries.person import (
    alerts_told,
    doctors_told,
    identity_told,
    place_told,
    stays_told,
    surroundings_told,
)
from virage.editions.queries.units import present_told
from virage.editions.rules.blank import form_of
from virage.editions.rules.composing import compose
from virage.editions.rules.templates import Template, Told, Wanted, template_of
from virage.formats.edition.tree import Edition
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.verdict import require
from virage.foundation.errors import Invalid, Refused
from virage.foundation.ui.dates import worded_day
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.shipped import shipped
from virage.persons.queries import OpenRecord, open_record
from virage.persons.queries.people import reads_administrative, require_identities

Reader = Callable[[Actor, OpenRecord, Wanted], Told]
# Which sources each reader says.
READERS: tuple[tuple[frozenset[str], Reader], ...] = (
    (
        frozenset({"identity", "civil_status", "reachable", "numbers", "urgent_contacts"}),
        lambda actor, record, _: identity_told(actor, record),
    ),
    (frozenset({"stays", "referents"}), lambda actor, record, _: stays_told(actor, record)),
    (
        frozenset({"contacts", "protections", "coverages"}),
        lambda actor, record, _: surroundings_told(actor, record),
    ),
    (frozenset({"alerts"}), lambda actor, record, _: alerts_told(actor, record)),
    (frozenset({"place"}), lambda actor, record, _: place_told(actor, record)),
    (frozenset({"doctors"}), lambda actor, record, _: doctors_told(actor, record)),
    (
        frozenset({"notes", "notes_by_volet"}),
        lambda actor, record, wanted: notes_told(actor, record.person, wanted),
    ),
    (
        frozenset({"accesses"}),
        lambda actor, record, wanted: accesses_told(actor, record.person, wanted),
    ),
)


@dataclass(frozen=True, kw_only=True)
class ReadEdition:
    """An edition as it was read, of whom, and from which template."""

    edition: Edition
    template: Template
    record: OpenRecord | None


def kinds_offered(actor: Actor) -> list[Kind]:
    """Return what the actor may edit of a person, in the order of the choices."""
    closed = {Kind.PRESENT_LIST} | (set() if reads_administrative(actor) else {Kind.ACCESSES})
    return [kind for kind in Kind if kind not in closed]


def require_kind(actor: Actor, kind: Kind) -> None:
    """Raise `Refused` unless the actor may edit this of a person."""
    if kind == Kind.PRESENT_LIST:
        raise Refused.hidden()
    if kind == Kind.ACCESSES:
        require(actor, Cell.READ, None, Volet.ADMINISTRATIVE)


def read_edition(actor: Actor, wanted: Wanted) -> ReadEdition:
    """Read all that an edition says, through the access rule, journalled; 14 SQL statements at
    most, whatever the number of rows.

    Raises the `Refused` of `open_record` and of the sources.
    """
    if wanted.person_id is None:
        return _of_a_unit(actor, wanted)
    require_kind(actor, wanted.kind)
    record = open_record(actor, wanted.person_id)
    template = template_of(wanted.kind)
    told: dict[str, Sequence[Mapping[str, str]] | None] = {}
    for names, read in READERS:
        if names & template.sources:
            told |= read(actor, record, wanted)
    instrument = _instrument(wanted) if template.chooses_instrument else None
    frame = frame_of(actor, wanted, record)
    if instrument:
        frame = replace(frame, about=instrument.title)
    before = form_of(instrument) if instrument else ()
    edition = compose(template, wanted, told, frame, before)
    return ReadEdition(edition=edition, template=template, record=record)


def _instrument(wanted: Wanted) -> Instrument:
    """Return the instrument of a blank form, in the version asked for; Invalid for none such."""
    found = next((one for one in shipped() if one.name == wanted.instrument), None)
    if found is None:
        raise Invalid({"instrument": ["Choisissez une évaluation de la liste."]})
    return found


def _of_a_unit(actor: Actor, wanted: Wanted) -> ReadEdition:
    require_identities(actor)
    template = template_of(Kind.PRESENT_LIST)
    told = present_told(actor, wanted.unit_id)
    frame = frame_of(actor, wanted, None)
    unit, day = wanted.unit_id and unit_of(actor, wanted.unit_id), worded_day(actor.today)
    if unit:
        frame = replace(frame, precisely=(unit.name, day), about=unit.establishment.name)
    else:
        frame = replace(frame, precisely=(day,), about="Toutes les unités que suit l’éditeur")
    return ReadEdition(
        edition=compose(template, wanted, told, frame), template=template, record=None
    )
