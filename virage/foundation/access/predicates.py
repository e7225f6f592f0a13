"""The access rule as one SQL predicate: every list, page, export and job filters with it.

Three conditions, all needed, default deny: the membership reaches the subject, the matrix allows
the profession in the volet, and no objection or restriction forbids it. An item also stays within
the establishment that wrote it, unless the person shares her record between establishments.

A bris de glace stands in for the first one (`emergency`): who broke the glass knows of the subject,
and reads the medical volet once he asked for it; he is not said to reach her.

Under « Voir comme » each rule is asked of both situations (`looking`).
"""

from collections.abc import Callable, Sequence
from datetime import timedelta

from django.db.models import Exists, OuterRef, Q

from virage.foundation.access.actor import Actor
from virage.foundation.access.emergency import VOLET, opened_to
from virage.foundation.access.enums import Cell, Reach, Volet
from virage.foundation.access.looking import closed_by_either, opened_by_both
from virage.foundation.access.matrix import Grant
from virage.foundation.access.models import Restriction, Subject
from virage.foundation.access.reach import NOTHING, reached_by


@opened_by_both
def subjects_visible_to(actor: Actor, subject: str = "subject") -> Q:
    """Return the condition under which the actor may know that this subject is accompanied.

    `subject` is the path from the filtered model to its Subject.
    """
    return _known_to(actor, subject) & ~closed_to(actor, subject)


@opened_by_both
def subjects_known_to(actor: Actor, subject: str = "subject") -> Q:
    """Return `subjects_visible_to`, or opened by a bris de glace: to know of her, no more."""
    known = _known_to(actor, subject) | opened_to(actor, subject)
    return known & ~closed_to(actor, subject)


@closed_by_either
def closed_to(actor: Actor, subject: str = "subject") -> Q:
    """Return the condition under which an objection or a restriction shuts the actor out of all
    that concerns this subject, within his reach or not.
    """
    return _is_closed_to(actor, subject, Q(item_id__isnull=True))


@closed_by_either
def has_item_closed_to(actor: Actor, subject: str = "subject") -> Q:
    """Return the condition under which something of this subject is shut to the actor, or all."""
    return _is_closed_to(actor, subject, Q())


@opened_by_both
def items_visible_to(
    actor: Actor, subject: str = "subject", closed_with: Sequence[str] = ("pk",)
) -> Q:
    """Return the condition under which the actor reads an `AuthoredItem`.

    `subject` is the path from the item to its Subject, `closed_with` the columns that hold the ids
    of what, once restricted, closes the item; the other columns are the item's own.
    """
    reached = _reached_item(actor, subject)
    if actor.has_broken_glass:
        reached |= Q(volet=VOLET) & opened_to(actor, subject, medical=True)
    return reached & ~_is_item_closed_to(actor, subject, closed_with) & _allowed_by_matrix(actor)


@opened_by_both
def items_in_reach_of(
    actor: Actor,
    subject: str = "subject",
    closed_with: Sequence[str] = ("pk",),
    reached: Callable[[Actor], Q] | None = None,
) -> Q:
    """Return (1), (3) and the partition, without the matrix: for whole records (export).

    `reached` says (1) by the columns of what makes a subject reached, for a list of those.
    """
    return _reached_item(actor, subject, reached) & ~_is_item_closed_to(actor, subject, closed_with)


@opened_by_both
def places_known_to(actor: Actor, reached: Callable[[Actor], Q] | None = None) -> Q:
    """Return the condition under which the actor knows where a subject stays (`Stay`): in reach,
    or opened by a bris de glace.
    """
    known = _reached_item(actor, "subject", reached) | opened_to(actor)
    return known & ~_is_item_closed_to(actor, "subject", ("pk",))


def _reached_item(actor: Actor, subject: str, reached: Callable[[Actor], Q] | None = None) -> Q:
    """Return (1) and the partition; whoever reaches the whole operator needs a column alone."""
    if not actor.sees_identities:
        return NOTHING
    if actor.reach == Reach.OPERATOR:
        # An item is of the operator of its subject.
        return Q(operator_id=actor.operator_id)
    is_reached = reached(actor) if reached else reached_by(actor, subject)
    return is_reached & _within_establishment(actor, subject)


def _is_item_closed_to(actor: Actor, subject: str, closed_with: Sequence[str]) -> Q:
    whole_or_item = Q(item_id__isnull=True)
    for column in closed_with:
        whole_or_item |= Q(item_id=OuterRef(column))
    return _is_closed_to(actor, subject, whole_or_item)


def _known_to(actor: Actor, subject: str) -> Q:
    return reached_by(actor, subject) if actor.sees_identities else NOTHING


def _allowed_by_matrix(actor: Actor) -> Q:
    """Gather the volets opened in the same way: one short condition for each way."""
    opened: dict[Grant, list[Volet]] = {}
    for volet in Volet:
        for grant in actor.grants(volet):
            opened.setdefault(grant, []).append(volet)
    allowed = NOTHING
    for grant, volets in opened.items():
        if (how := _opened_by(grant, actor)) is not None:
            allowed |= Q(volet__in=volets) & how
    return allowed


def _opened_by(grant: Grant, actor: Actor) -> Q | None:
    """Return what a cell lets read in its volets; None when it lets read nothing."""
    opened = {
        Cell.READ: Q(),
        Cell.OWN: Q(author=actor.professional_id),
        Cell.PUBLISHED: Q(is_published=True),
    }.get(grant.cell)
    if opened is not None and grant.window_hours is not None:
        opened &= Q(recorded_at__gte=actor.at - timedelta(hours=grant.window_hours))
    return opened


def _within_establishment(actor: Actor, subject: str) -> Q:
    """One record per operator, partitioned by establishment unless the person shares it."""
    shared = Subject.objects.filter(
        operator_id=actor.operator_id, is_shared_between_establishments=True
    )
    own = Q(establishment=actor.establishment_id)
    return own | Q(**{f"{subject}__in": shared.values("id")})


def _is_closed_to(actor: Actor, subject: str, what: Q) -> Q:
    """Whether a restriction in force on the whole record, or on `what`, shuts the actor out."""
    closing = Restriction.objects.filter(what, shutting_out(actor), subject=OuterRef(subject))
    return Q(Exists(closing))


@closed_by_either
def shutting_out(actor: Actor) -> Q:
    """Return the condition under which a `Restriction` is in force against the actor."""
    whom = Q(professional_id=actor.professional_id) | Q(profession=actor.profession)
    return whom & (Q(ended_at__isnull=True) | Q(ended_at__gt=actor.at))
