"""« Voir comme » in the predicate: what two situations both see, never more than either."""

from dataclasses import replace
from itertools import product

import pytest

from tests.access.matrix_file import PROFESSIONS
from tests.access.world import World, undone
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Reach, Verb, Volet
from virage.foundation.access.looking import looking_as
from virage.foundation.access.matrix import shipped
from virage.foundation.access.models import Restriction
from virage.foundation.access.predicates import (
    items_in_reach_of,
    items_visible_to,
    places_known_to,
    subjects_known_to,
    subjects_visible_to,
)
from virage.foundation.access.verdict import refusal
from virage.foundation.errors import Refused
from virage.foundation.journal.writing import record
from virage.persons.models import Person, Stay
from virage.record.models import Note

PAIRS = [("diane", "alice"), ("gaspard", "bob"), ("alice", "diane")]
# Whoever manages rights, and two who write and are limited in other ways.
LOOKERS = ("director", "secretary", "technical_admin", "care_assistant", "psychologist")
CELLS = list(product(Volet, (Cell.READ, Cell.WRITE, Cell.VALIDATE, Cell.PRESCRIBE)))


@pytest.fixture(scope="module")
def refused(world: World) -> set[tuple[str, Volet, Cell]]:
    """What each profession is refused of Rose's record: asked once, compared with every other."""
    subject = world.persons["rose"].subject
    return {
        (own, volet, cell)
        for own, (volet, cell) in product(PROFESSIONS, CELLS)
        if refusal(world.acting_as("diane", own), cell, subject, volet)
    }


def _seen_by(actor: Actor) -> set[tuple[str, object]]:
    """Return all that the predicate lets an actor see, by each of its ways."""
    ways = {
        "visible": Person.objects.filter(subjects_visible_to(actor)),
        "known": Person.objects.filter(subjects_known_to(actor)),
        "read": Note.objects.filter(items_visible_to(actor)),
        "reached": Note.objects.filter(items_in_reach_of(actor)),
        "place": Stay.objects.filter(places_known_to(actor)),
    }
    return {(way, pk) for way, found in ways.items() for pk in found.values_list("pk", flat=True)}


@pytest.mark.parametrize("profession", PROFESSIONS)
def test_what_is_shown_is_what_both_see(world: World, profession: str) -> None:
    for looker, seen in PAIRS:
        colleague = world.acting_as(seen, profession)
        theirs = _seen_by(colleague)
        for own in LOOKERS:
            actor = world.acting_as(looker, own)
            looking = looking_as(actor, colleague)
            assert _seen_by(looking) == theirs & _seen_by(actor), (looker, seen, own)


@pytest.mark.parametrize(("profession", "own"), list(product(PROFESSIONS, PROFESSIONS)))
def test_no_cell_and_no_verb_is_gained(
    world: World, refused: set[tuple[str, Volet, Cell]], profession: str, own: str
) -> None:
    looking = looking_as(world.acting_as("diane", own), world.acting_as("alice", profession))
    subject = world.persons["rose"].subject
    for volet, cell in CELLS:
        both = all(
            any(grant.cell == cell for grant in shipped().grants(one, volet))
            for one in (profession, own)
        )
        assert (
            any(grant.cell == cell for grant in shipped().grants(looking.profession, volet)) == both
        )
        if (own, volet, cell) in refused:
            assert refusal(looking, cell, subject, volet)
    for verb in Verb:
        both = all(shipped().allows_verb(one, verb) for one in (profession, own))
        assert shipped().allows_verb(looking.profession, verb) == both


def test_what_is_closed_to_either_is_closed(world: World) -> None:
    actor, colleague = world.actors["diane"], world.actors["alice"]
    subject = world.persons["rose"].subject
    shut = (
        {"profession": "director"},
        {"profession": "nurse"},
        {"professional_id": actor.professional_id},
        {"professional_id": colleague.professional_id},
    )
    for whom in shut:
        with undone():
            Restriction.objects.create(subject=subject, reason="Opposition.", **whom)
            people = Person.objects.filter(subjects_visible_to(looking_as(actor, colleague)))
            assert world.persons["rose"] not in people, whom


def test_neither_bris_de_glace_counts(world: World) -> None:
    actor, colleague = (
        replace(world.actors[one], has_broken_glass=True) for one in ("diane", "alice")
    )
    looking = looking_as(actor, colleague)
    assert not any(one.has_broken_glass for one in (looking, *looking.sides))


def test_the_narrower_reach_is_kept(world: World) -> None:
    gaspard, alice = world.actors["gaspard"], world.actors["alice"]
    looking = looking_as(gaspard, alice)
    assert (looking.reach, looking.unit_ids) == (Reach.UNITS, alice.unit_ids)
    assert looking.establishment_id == alice.establishment_id
    nobody = looking_as(replace(gaspard, reach=Reach.NOBODY), alice)
    assert nobody.reach == Reach.NOBODY


def test_no_gesture_writes_whatever_asks_for_it(world: World) -> None:
    looking = looking_as(world.actors["diane"], world.actors["alice"])
    with pytest.raises(Refused) as refused, undone():
        record(looking, "note.write", subject_ids=[world.persons["rose"].subject_id])
    assert "revenu à votre place" in refused.value.message
