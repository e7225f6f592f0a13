"""Which persons and stays an actor may see; every other read of the room starts here."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.predicates import (
    items_in_reach_of,
    places_known_to,
    subjects_known_to,
    subjects_visible_to,
)
from virage.foundation.access.verdict import KEEPER_OF_RIGHTS, require
from virage.foundation.errors import Refused
from virage.persons.access import stay_is_reached
from virage.persons.models import Person, Stay, StayQuerySet


def persons_visible_to(actor: Actor) -> QuerySet[Person]:
    """Return the persons whose identity the actor may know."""
    return Person.objects.filter(subjects_visible_to(actor))


def persons_known_to(actor: Actor) -> QuerySet[Person]:
    """Return `persons_visible_to`, and those whom a bris de glace opens: who, where, no more."""
    return Person.objects.filter(subjects_known_to(actor))


def stays_visible_to(actor: Actor) -> StayQuerySet:
    """Return the stays of visible persons: in the actor's establishment, unless shared wider."""
    return Stay.objects.filter(items_in_reach_of(actor, reached=stay_is_reached))


def stays_known_to(actor: Actor) -> StayQuerySet:
    """Return `stays_visible_to`, and those that a bris de glace opens: for the emergency sheet."""
    return Stay.objects.filter(places_known_to(actor, stay_is_reached))


def find_person(actor: Actor, person_id: UUID) -> Person:
    """Return a visible person, with her subject; raise the `Refused` that says why not.

    Another operator's person, an unknown one and a sensitive record are « introuvable » alike.
    """
    person = persons_visible_to(actor).select_related("subject").filter(pk=person_id).first()
    return person or refuse_person(actor, person_id)


def record_url(actor: Actor, named: Mapping[str, Any]) -> str:
    """Return the address of the record of the person whom an address names (`person_id`).

    Nothing unless the actor may know of her; one SQL statement if a person is named.
    """
    person_id = named.get("person_id")
    if person_id is None or not persons_visible_to(actor).filter(pk=person_id).exists():
        return ""
    return reverse("persons:identity", args=[person_id])


def refuse_person(actor: Actor, person_id: UUID) -> Person:
    """Raise the `Refused` that says why this person is not visible to the actor."""
    hidden = Person.objects.select_related("subject").filter(pk=person_id).first()
    if hidden:
        require(actor, Cell.READ, hidden.subject, Volet.ADMINISTRATIVE)
    raise Refused.hidden()


def knows_identities(actor: Actor) -> bool:
    """Whether the actor's profession may know who is accompanied at all (the matrix)."""
    return actor.sees_identities


def reads_administrative(actor: Actor) -> bool:
    """Whether the matrix opens the administrative volet, beyond the identity."""
    return actor.may(Cell.READ, Volet.ADMINISTRATIVE)


def require_identities(actor: Actor) -> None:
    """Raise `Refused` when the profession may not know who is accompanied at all."""
    if not knows_identities(actor):
        raise Refused(
            "matrix",
            f"La profession « {actor.profession_label} » n’ouvre l’identité d’aucune personne.",
            whom_to_ask=KEEPER_OF_RIGHTS,
        )
