"""The access rule as one SQL predicate: every list, page, export and job filters with it.

Three conditions, all needed, default deny: the membership reaches the subject, the matrix allows
the profession in the volet, and no objection or restriction forbids it.
"""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Reach, Volet
from virage.foundation.access.matrix import Grant, grants, sees_identities
from virage.foundation.access.models import Restriction
from virage.foundation.access.reach import reached_by

NOTHING = Q(pk__in=[])


def subjects_visible_to(actor: Actor, subject: str = "subject") -> Q:
    """Return the condition under which the actor may know that this subject is accompanied.

    `subject` is the path from the filtered model to its Subject.
    """
    if not sees_identities(actor.profession):
        return NOTHING
    return reached_by(actor, subject) & ~_is_closed_to(actor, subject)


def items_visible_to(actor: Actor, subject: str = "subject") -> Q:
    """Return the condition under which the actor reads an `AuthoredItem`.

    `subject` is the path from the item to its Subject; the other columns are the item's own.
    """
    return items_in_reach_of(actor, subject) & _allowed_by_matrix(actor)


def items_in_reach_of(actor: Actor, subject: str = "subject") -> Q:
    """Return conditions (1) and (3) alone, for a right on whole records (export)."""
    return (
        subjects_visible_to(actor, subject)
        & _within_establishment(actor, subject)
        & ~_is_closed_to(actor, subject, item="pk")
    )


def _allowed_by_matrix(actor: Actor) -> Q:
    allowed = NOTHING
    for volet in Volet:
        for grant in grants(actor.profession, volet):
            allowed |= Q(volet=volet) & _opened_by(grant, actor)
    return allowed


def _opened_by(grant: Grant, actor: Actor) -> Q:
    opened = {
        Cell.READ: Q(),
        Cell.OWN: Q(author=actor.professional_id),
        Cell.PUBLISHED: Q(is_published=True),
    }.get(grant.cell, NOTHING)
    if grant.window_hours is not None:
        opened &= Q(recorded_at__gte=actor.at - timedelta(hours=grant.window_hours))
    return opened


def _within_establishment(actor: Actor, subject: str) -> Q:
    """One record per operator, partitioned by establishment unless the person shares it."""
    if actor.reach == Reach.OPERATOR:
        return Q()
    shared = Q(**{f"{subject}__is_shared_between_establishments": True})
    return Q(establishment=actor.establishment_id) | shared


def _is_closed_to(actor: Actor, subject: str, item: str = "") -> Q:
    """Whether a restriction in force closes the whole record, or this item, to the actor."""
    what = Q(item_id=OuterRef(item)) if item else Q(item_id__isnull=True)
    whom = Q(professional_id=actor.professional_id) | Q(profession=actor.profession)
    in_force = Q(ended_at__isnull=True) | Q(ended_at__gt=actor.at)
    closing = Restriction.objects.filter(what, whom, in_force, subject=OuterRef(subject))
    return Q(Exists(closing))
