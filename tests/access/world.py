"""What the proof of access is tried on: who may reach whom, by every way there is.

Rose lives in Alice's unit. Louis lives in the other one and Alice is his referent. Marcel lives
there too, without any tie to her. Inès is at the IME, Yvonne with another operator.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from pytest_django.plugin import DjangoDbBlocker

from tests.access.matrix_file import WINDOWS
from tests.factories.town import Town, actor_of, build_town
from virage.directory.models import Unit
from virage.directory.queries import system_membership
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.writing import signature
from virage.persons.actions import create_person, name_referent
from virage.persons.models import Person, Stay
from virage.persons.queries.doubles import look_alike_ids
from virage.persons.rules import PersonTraits
from virage.record.models import Note

AT = datetime(2026, 3, 16, 10, tzinfo=UTC)
LONG_AGO = date(2024, 1, 8)
# On both sides of each time window of the matrix.
AGES_HOURS = sorted({hours + side for hours in WINDOWS for side in (-1, 1)})

# Whom each actor reaches: in the unit or as referent; the establishment; the operator; nobody.
REACHED = {
    "alice": {"rose", "louis"},
    "diane": {"rose", "louis", "marcel"},
    "bob": {"ines"},
    "gaspard": {"rose", "louis", "marcel", "ines"},
    "tom": set(),
    "charlie": {"yvonne"},
}


@dataclass(frozen=True)
class World:
    """The town; its actors and persons by first name; notes about all of these."""

    town: Town
    actors: dict[str, Actor]
    persons: dict[str, Person]
    notes: list[Note]

    def acting_as(self, name: str, profession: str) -> Actor:
        """Return one of the actors, as if exercising another profession."""
        return replace(self.actors[name], profession=profession)


@contextmanager
def module_database(blocker: DjangoDbBlocker) -> Iterator[None]:
    """Open the database to a whole test module; what the module wrote is undone in the end."""
    with blocker.unblock(), undone():
        yield


@contextmanager
def undone() -> Iterator[None]:
    """Undo what is written inside."""
    with transaction.atomic():
        try:
            yield
        finally:
            transaction.set_rollback(True)


def admit(operator_actor: Actor, name: str, unit: Unit) -> Person:
    """Create a person of an invented family, accompanied in a unit for a long time."""
    traits = PersonTraits(
        birth_family_name="Vasseur", birth_given_names=name, birth_on=date(1941, 5, 2)
    )
    stay = Stay(establishment=unit.establishment, unit=unit, entered_on=LONG_AGO)
    others = look_alike_ids(operator_actor, traits)
    return create_person(operator_actor, traits=traits, stay=stay, other_person_ids=others)


def note_by(author: Actor, person: Person, volet: str = Volet.CARE, **columns: object) -> Note:
    """Return an unsaved note of the person's first establishment, entered at `AT`."""
    where = {"establishment_id": person.stays.earliest("id").establishment_id}
    about = {"subject_id": person.subject_id, "volet": volet, "text": "Journée calme."}
    written = signature(author, AT, **where) | where | {"recorded_at": AT}
    return Note(**written | about | columns)


def build_world() -> World:
    """Make the town, five persons, and a note for each case that the matrix tells apart."""
    town = build_town()
    ours = actor_of(town.command_line, AT)
    theirs = actor_of(system_membership(town.other_operator), AT)
    persons = {
        "rose": admit(ours, "Rose", town.unit_a),
        "louis": admit(ours, "Louis", town.unit_b),
        "marcel": admit(ours, "Marcel", town.unit_b),
        "ines": admit(ours, "Inès", town.ime_unit),
        "yvonne": admit(theirs, "Yvonne", town.other_unit),
    }
    name_referent(
        ours, person=persons["louis"], professional=town.alice.professional, starts_on=LONG_AGO
    )
    actors = {name: actor_of(getattr(town, name), AT) for name in REACHED}
    notes = [
        note_by(
            author,
            person,
            volet,
            recorded_at=AT - timedelta(hours=hours),
            is_published=is_published,
        )
        for person in persons.values()
        for author in actors.values()
        if author.operator_id == person.operator_id
        for volet in Volet
        for hours in AGES_HOURS
        for is_published in (False, True)
    ]
    return World(town, actors, persons, Note.objects.bulk_create(notes))
