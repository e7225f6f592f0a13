"""Searching the staff: by name, trade, telephone, number, and by where and as what people work."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import (
    Case,
    DateField,
    Exists,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    When,
)

from virage.directory.models import Establishment, Membership, Professional, Unit
from virage.directory.queries.people import professionals_of
from virage.directory.rules import folded, professions_of_people
from virage.foundation.access.actor import Actor

# A search holds few words; the rest of a long paste finds nothing more.
MOST_WORDS = 8
SPACED_FIGURES = re.compile(r"(?<=\d)[ .-]+(?=\d)")


def staff_found(actor: Actor, words: str) -> QuerySet[Professional]:
    """Return the professionals of the operator that a search finds, by name, with where they work;
    after them those who have left, the last to leave first, with their `left_on`.

    Every word must begin one of what is said of them (names, trade, telephone, RPPS, registration
    number), or a word of the establishment, the unit or the profession of a situation in force.
    Two SQL statements more than the page, for the names of places; all of them without a word.
    """
    found = professionals_of(actor)
    asked = folded(SPACED_FIGURES.sub("", words)).split()[:MOST_WORDS]
    if asked:
        names = _Names(actor)
        # The narrowest first: each row is judged in this order, and few are left for the widest.
        for word in sorted(asked, key=names.breadth):
            found = found.filter(Q(search_text__contains=f" {word}") | names.where(word))
    present = Membership.objects.active(actor.at).select_related("establishment", "operator")
    return (
        found.annotate(left_on=_last_day(actor))
        .order_by(F("left_on").desc(nulls_first=True), *found.query.order_by)
        .prefetch_related(
            Prefetch("memberships", present.order_by("starts_on", "id"), to_attr="present")
        )
    )


def _last_day(actor: Actor) -> Case:
    """Return the last day of who has no situation any more, in force or to come; NULL otherwise."""
    held = Membership.objects.filter(operator=actor.operator_id, professional=OuterRef("pk"))
    last = held.order_by("-ends_on", "id").values("ends_on")[:1]
    return Case(
        When(Exists(held.not_ended(actor.at)), then=None),
        default=Subquery(last),
        output_field=DateField(),
    )


class _Names:
    """The names of places and professions, as they are searched."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        ours = Establishment.objects.filter(operator=actor.operator_id).order_by("id")
        units = Unit.objects.filter(establishment__operator=actor.operator_id).order_by("id")
        self._places = _searched(ours.values_list("pk", "name"))
        self._units = _searched(units.values_list("pk", "name"))
        self._trades = _searched(professions_of_people().items())

    def breadth(self, word: str) -> int:
        """Return how many of these names a word begins."""
        return sum(len(_begun(word, names)) for names in (self._places, self._units, self._trades))

    def where(self, word: str) -> Q:
        """Return who works now where, or as what, a word begins one of these names."""
        present = Membership.objects.active(self._actor.at)
        said = Q()
        if found := _begun(word, self._places):
            said |= Q(pk__in=present.filter(establishment__in=found).values("professional"))
        if found := _begun(word, self._units):
            # Not a join: the ids found are sorted first, and a scattered table is read in order.
            held = Membership.units.through.objects.filter(unit__in=found).values("membership")
            said |= Q(pk__in=present.filter(pk__in=held).values("professional"))
        if found := _begun(word, self._trades):
            there = present.filter(operator=self._actor.operator_id, profession__in=found)
            said |= Q(pk__in=there.values("professional"))
        return said


def _begun(word: str, names: list[tuple[Any, str]]) -> list[Any]:
    """Return what has a name that a word begins: nothing for most, which are names of people."""
    return [key for key, name in names if f" {word}" in name]


def _searched(names: Iterable[tuple[Any, str]]) -> list[tuple[Any, str]]:
    return [(key, f" {folded(name)}") for key, name in names]
