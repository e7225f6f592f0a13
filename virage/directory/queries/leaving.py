"""Who may take over what a colleague leaves."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from virage.directory.models import Departure, Membership, Professional
from virage.directory.queries.people import professionals_of
from virage.foundation.access.actor import Actor
from virage.foundation.access.matrix import matrix_file


def heirs_of(actor: Actor, leaver: Professional, day: date) -> QuerySet[Professional]:
    """Return who may take over the work of a leaver from a day on, by name.

    That is whoever works that day in one of the leaver's establishments, or over the whole
    operator, as a profession that may know the persons; never oneself, for nobody opens a record to
    himself, nor who is to leave as well. Each comes with these situations, under `held`.
    """
    knowing = [one for one in matrix_file().professions if actor.matrix.sees_identities(one)]
    places = Membership.objects.filter(professional=leaver, establishment__isnull=False)
    there = Q(establishment=None) | Q(establishment__in=places.values("establishment"))
    lasting = Q(ends_on=None) | Q(ends_on__gte=day)
    in_force = Membership.objects.filter(
        there, lasting, operator=actor.operator_id, profession__in=knowing, starts_on__lte=day
    )
    held = Prefetch("memberships", in_force.order_by("id"), to_attr="held")
    colleagues = professionals_of(actor).filter(pk__in=in_force.values("professional"))
    colleagues = colleagues.prefetch_related(held)
    leaving_too = Departure.objects.filter(last_day__gte=actor.today).values("professional")
    return colleagues.exclude(pk__in=leaving_too).exclude(pk__in=[leaver.pk, actor.professional_id])


def noted_departure(professional: Professional) -> Departure | None:
    """Return the departure noted for a professional, past or to come, if there is one."""
    return Departure.objects.filter(professional=professional).first()


def departures_of(professional_ids: Iterable[UUID]) -> dict[UUID, Departure]:
    """Return the departures noted, past or to come, of these professionals."""
    return Departure.objects.select_related("professional").in_bulk(set(professional_ids))


def departure_undone(departure: Departure) -> list[tuple[Membership, date | None]]:
    """Return the situations that cancelling would let go on, each with the last day it had before.

    One whose end was changed since the departure was noted stays as it is.
    """
    former = departure.former_ends
    ended = Membership.objects.filter(pk__in=former, ends_on=departure.last_day)
    ended = ended.select_related("establishment", "operator").prefetch_related("units")
    rows = ended.order_by("starts_on", "id")
    return [(one, _day(former[str(one.pk)])) for one in rows]


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
