"""Searching the staff: by name, trade, telephone, number, and by where and as what people work."""

import re

from django.db.models import Prefetch, Q, QuerySet

from virage.directory.models import Establishment, Membership, Professional, Unit
from virage.directory.queries.people import professionals_of
from virage.directory.rules import folded, professions_of_people
from virage.foundation.access.actor import Actor

# A search holds few words; the rest of a long paste finds nothing more.
MOST_WORDS = 8
SPACED_FIGURES = re.compile(r"(?<=\d)[ .-]+(?=\d)")


def staff_found(actor: Actor, words: str) -> QuerySet[Professional]:
    """Return the professionals of the operator that a search finds, by name, with where they work.

    Every word must begin one of what is said of them (names, trade, telephone, RPPS, registration
    number), or a word of the establishment, the unit or the profession of a situation in force.
    Two SQL statements more than the page, for the names of places; all of them without a word.
    """
    found = professionals_of(actor)
    asked = folded(SPACED_FIGURES.sub("", words)).split()[:MOST_WORDS]
    if asked:
        ours = Establishment.objects.filter(operator=actor.operator_id).order_by("id")
        places = [(pk, f" {folded(name)}") for pk, name in ours.values_list("pk", "name")]
        units = Unit.objects.filter(establishment__operator=actor.operator_id).order_by("id")
        teams = [(pk, f" {folded(name)}") for pk, name in units.values_list("pk", "name")]
        trades = [(key, f" {folded(label)}") for key, label in professions_of_people().items()]
        for word in asked:
            start = f" {word}"
            where = {
                "establishment__in": [pk for pk, name in places if start in name],
                "units__in": [pk for pk, name in teams if start in name],
                "profession__in": [key for key, label in trades if start in label],
            }
            said = Q(search_text__contains=start)
            for field, values in where.items():
                if values:  # most words are names, and name no place
                    there = Membership.objects.active(actor.at).filter(**{field: values})
                    said |= Q(pk__in=there.values("professional"))
            found = found.filter(said)
    present = Membership.objects.active(actor.at).select_related("establishment", "operator")
    return found.prefetch_related(
        Prefetch("memberships", present.order_by("starts_on", "id"), to_attr="present")
    )
