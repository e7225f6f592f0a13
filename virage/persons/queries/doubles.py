"""Who may already be the person about to be created: those seen, and those known elsewhere."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from virage.foundation.access.actor import Actor
from virage.foundation.journal.collector import saw
from virage.persons.models import Person
from virage.persons.queries.numbers import bearing_ins
from virage.persons.queries.people import persons_visible_to
from virage.persons.queries.rows import PersonRow, rows_of
from virage.persons.rules.identity import PersonTraits, completed
from virage.persons.rules.likeness import OTHER_BIRTH, SAME_INS, are_same_strict_traits, likeness
from virage.persons.rules.names import name_sound

MOST_COMPARED = 200


@dataclass(frozen=True)
class LookAlike:
    """A visible person who may be the one about to be created, and what makes us think so."""

    row: PersonRow
    reasons: list[str]


def look_alikes(actor: Actor, traits: PersonTraits, ins_value: str = "") -> list[LookAlike]:
    """Return the visible persons who may be the one described, likeliest first; two statements.

    Same INS, same birth date or a name that sounds the same are compared trait by trait.
    """
    reasons = _reasons(actor, traits, ins_value)
    alike = sorted(reasons, key=lambda person: _unlikeliness(reasons[person]))
    saw(actor, "person.look_alikes", (person.subject_id for person in alike))
    rows = rows_of(actor, alike)
    return [LookAlike(row, reasons[person]) for row, person in zip(rows, alike, strict=True)]


def look_alike_ids(actor: Actor, traits: PersonTraits, ins_value: str = "") -> set[UUID]:
    """Return the ids of `look_alikes`, to be compared with what a human declared; one statement.

    Nothing is shown, so nothing is journalled.
    """
    return {person.pk for person in _reasons(actor, traits, ins_value)}


def sounding(sounds: Collection[str] | QuerySet[Any, str]) -> Q:
    """Match who has a name, the one shown or that of birth, which sounds so; none may be empty."""
    return Q(name_sound__in=sounds) | Q(birth_name_sound__in=sounds)


def has_bearer(actor: Actor, ins_value: str, ins_oid: str, but_id: UUID | None = None) -> bool:
    """Whether another visible person than this one bears this INS; one statement."""
    return _bearers(actor, ins_value, ins_oid, but_id).exists()


def bearers(actor: Actor, ins_value: str, ins_oid: str, but_id: UUID) -> list[LookAlike]:
    """Return the other visible persons who bear this INS, to be compared; two statements."""
    found = list(_bearers(actor, ins_value, ins_oid, but_id).order_by("search_text", "id"))
    saw(actor, "person.look_alikes", (person.subject_id for person in found))
    return [LookAlike(row, [SAME_INS]) for row in rows_of(actor, found)]


def _bearers(actor: Actor, ins_value: str, ins_oid: str, but_id: UUID | None) -> QuerySet[Person]:
    found = persons_visible_to(actor).filter(bearing_ins(actor.operator_id, [ins_value], ins_oid))
    return found.exclude(pk=but_id) if but_id else found


def is_known_unseen(
    actor: Actor, traits: PersonTraits | None, ins_value: str = "", ins_oid: str = ""
) -> bool:
    """Whether the operator knows this very person and the actor does not see her; one statement.

    The same INS, or the same strict traits if some are given; a sensitive record never answers.
    Each one found is journalled as compared: the actor learns that she is known, and nothing else.
    """
    same_ins = bearing_ins(actor.operator_id, [ins_value], ins_oid)
    same = Q(birth_on=traits.birth_on) | same_ins if traits else same_ins
    known = Person.objects.filter(same, operator=actor.operator_id, subject__is_sensitive=False)
    unseen = known.exclude(pk__in=persons_visible_to(actor).values("pk")).order_by("id")
    found = [
        person.subject_id
        for person in unseen.annotate(bears_ins=same_ins)
        if person.bears_ins or (traits and are_same_strict_traits(traits, person.traits))
    ]
    if found:
        saw(actor, "person.look_alikes", found)
    return bool(found)


def _reasons(actor: Actor, traits: PersonTraits, ins_value: str) -> dict[Person, list[str]]:
    """Return the visible persons who may be the one described, in a fixed order, and why."""
    traits = completed(traits)
    sounds = {
        name_sound(family, given)
        for family in (traits.birth_family_name, traits.used_family_name)
        for given in (traits.first_birth_given_name, traits.used_given_name)
        if family and given
    }
    same_ins = bearing_ins(actor.operator_id, [ins_value])
    condition = sounding(sounds - {""}) | same_ins
    if traits.birth_on:
        condition |= Q(birth_on=traits.birth_on)
    near = persons_visible_to(actor).filter(condition).annotate(bears_ins=same_ins)
    reasons: dict[Person, list[str]] = {
        person: likeness(traits, person.traits, bears_ins=person.bears_ins)
        for person in near.order_by("search_text", "id")[:MOST_COMPARED]
    }
    return {person: why for person, why in reasons.items() if why}


def _unlikeliness(reasons: list[str]) -> tuple[bool, int]:
    """Rank a namesake of another birth date after all those whose birth date agrees."""
    return OTHER_BIRTH in reasons, -len(reasons)
