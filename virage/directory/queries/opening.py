"""Who may open a right to another, or end it: a membership, or the account of several."""

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q

from virage.directory.models import Membership, Professional
from virage.directory.queries.people import memberships_of
from virage.directory.rules import (
    DIRECTOR,
    TECHNICAL_ADMIN,
    management_refusal,
    manager_refusal,
    may_open,
    professions_of_people,
)
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.errors import Refused


def opening_refusal(
    actor: Actor,
    *,
    profession: str,
    establishment_id: UUID | None,
    reach: str,
    unit_ids: Collection[UUID] = (),
) -> Refused | None:
    """Return why the actor may not open such a membership to another, or None when he may.

    One exception to `rules.may_open`: the technical administration installs the first director of
    a place, for nobody else could; it ends once one has ever chosen a password there.
    """
    if refused := management_refusal(actor, establishment_id):
        return refused
    if may_open(actor, profession=profession, reach=reach, unit_ids=unit_ids):
        return None
    is_director_by_technician = (actor.profession, profession) == (TECHNICAL_ADMIN, DIRECTOR)
    if is_director_by_technician and not _has_had_director(actor, establishment_id):
        return None
    return Refused(
        "wider_right",
        "Cette situation ouvre plus que la vôtre : seule la direction peut l’ouvrir, y mettre fin, "
        "en remettre l’accès, ou modifier la fiche de qui l’exerce.",
        whom_to_ask="la direction de l’établissement",
    )


def professions_opened_by(actor: Actor, establishment_id: UUID | None) -> dict[str, str]:
    """Return the professions that the actor may open to another there, by key, with their label.

    As far as the profession alone tells: how many persons it may reach is judged once asked.
    """
    return {
        profession: label
        for profession, label in professions_of_people().items()
        if opening_refusal(
            actor,
            profession=profession,
            establishment_id=establishment_id,
            reach=Reach.NOBODY,
        )
        is None
    }


def account_refusal(actor: Actor, professional: Professional) -> Refused | None:
    """Return why the actor may not open the account of a professional, nor hand its link over.

    An account acts in all its memberships: he must be one who may open each of those in force or
    to come. Without any it opens nothing, and all who manage the directory may.
    """
    memberships = Membership.objects.filter(professional=professional).not_ended(actor.at)
    held = memberships.prefetch_related("units").order_by("id")
    return charge_refusal(actor, held) or manager_refusal(actor)


def charge_refusal(actor: Actor, memberships: Iterable[Membership]) -> Refused | None:
    """Return why the actor may not decide of who holds these memberships, in force or to come."""
    refusals = (membership_refusal(actor, one) for one in memberships)
    return next((refused for refused in refusals if refused), None)


def membership_refusal(actor: Actor, membership: Membership) -> Refused | None:
    """Return why the actor may not decide of a membership, or None when he could open it."""
    return opening_refusal(
        actor,
        profession=membership.profession,
        establishment_id=membership.establishment_id,
        reach=membership.reach,
        unit_ids=[unit.pk for unit in membership.units.all()],
    )


def memberships_of_professional(
    actor: Actor, professional: Professional
) -> list[tuple[Membership, bool]]:
    """Return the memberships, past ones included, and whether the actor may decide of each."""
    memberships = memberships_of(actor).filter(professional=professional)
    return [(one, membership_refusal(actor, one) is None) for one in memberships]


def is_direction_needed(membership: Membership, *, from_day: date) -> bool:
    """Whether the operator would lack a direction, were this one to be over from that day on.

    Another director must be in force that day, for as long as this one was to be; and reach the
    whole operator if this one does. That of one establishment is followed by any.
    """
    ends_on = membership.ends_on
    if membership.profession != DIRECTOR or (ends_on and ends_on < from_day):
        return False
    others = (
        Membership.objects.filter(operator=membership.operator_id, profession=DIRECTOR)
        .filter(Q(ends_on=None) | Q(ends_on__gte=ends_on or date.max), starts_on__lte=from_day)
        .exclude(pk=membership.pk)
    )
    if membership.reach == Reach.OPERATOR:
        others = others.filter(reach=Reach.OPERATOR)
    return not others.exists()


def _has_had_director(actor: Actor, establishment_id: UUID | None) -> bool:
    """Whether a director has ever been able to sign in there; anywhere, for the whole operator."""
    directors = Membership.objects.filter(
        operator=actor.operator_id, profession=DIRECTOR, professional__account__isnull=False
    ).exclude(professional__account__password__startswith=UNUSABLE_PASSWORD_PREFIX)
    if establishment_id:
        directors = directors.filter(Q(establishment=establishment_id) | Q(establishment=None))
    return directors.exists()
