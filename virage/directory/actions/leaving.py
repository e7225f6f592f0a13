"""A departure: situations end, the account closes, open work goes to a colleague.

What someone leaves open is known by the rooms above: each registers it from `apps.ready()`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db import transaction
from django.db.models import CharField, Count, Q, QuerySet, Value
from django.utils.timezone import get_current_timezone

from virage.directory.actions.accounts import close_account
from virage.directory.actions.memberships import end_membership, put_back_membership
from virage.directory.actions.professionals import require_charge
from virage.directory.actions.structures import require_own_operator
from virage.directory.models import Account, Departure, Membership, Professional
from virage.directory.queries import actor_of, heirs_of, noted_departure
from virage.directory.queries.leaving import departure_undone
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.writing import record

NONE_TO_COME = (
    "Aucun départ à venir n’est noté. Pour une personne qui revient, ouvrez une situation."
)


@dataclass(frozen=True)
class OpenWork:
    """A kind of work that names a professional.

    `label` says it in the plural; `going_on` gives what goes on after a day, and `open_to` the
    condition under which an actor may take it over. `hand_over` gives items to the heir (actor,
    items, heir, last day), in the current transaction.
    """

    label: str
    going_on: Callable[[Professional, date], QuerySet[Any]]
    open_to: Callable[[Actor], Q]
    hand_over: Callable[[Actor, QuerySet[Any], Professional, date], None]


_works: list[tuple[int, OpenWork]] = []


def register(work: OpenWork, *, order: int) -> None:
    """Add a kind of work to what a departure hands over, what opens records to the heir first."""
    _works.append((order, work))
    _works.sort(key=lambda one: one[0])


def open_works(professional: Professional, last_day: date) -> list[tuple[str, int]]:
    """Return how much goes on after a day, by label; kinds without any are left out.

    One SQL statement, whatever the number of kinds.
    """
    parts = [_number(work, work.going_on(professional, last_day)) for _, work in _works]
    numbers = dict(parts[0].union(*parts[1:], all=True))
    return [(work.label, numbers[work.label]) for _, work in _works if numbers.get(work.label)]


def _number(work: OpenWork, items: QuerySet[Any]) -> QuerySet[Any, Any]:
    named = items.order_by().values(kind=Value(work.label, output_field=CharField()))
    numbers: QuerySet[Any, Any] = named.annotate(number=Count("pk")).values_list("kind", "number")
    return numbers


@transaction.atomic
def leave(
    actor: Actor,
    *,
    professional: Professional,
    last_day: date,
    heir: Professional | None = None,
    leaves_rest: bool = False,
) -> None:
    """Note the departure of a professional after a day, past or to come.

    Refused for oneself and to those who could not open each of the situations (`account_refusal`).
    Invalid when a departure is noted already, unless this one is sooner, when a situation starts
    later, when work goes on and no colleague who may take it is named (`heirs_of`), or, unless
    `leaves_rest`, when some of it is closed to him: that stays in the name of who leaves.
    """
    _require_other(actor, professional)
    noted = noted_departure(professional)
    if noted and noted.last_day <= last_day:
        raise Invalid({"last_day": [_already_noted(noted)]})
    departure = Departure(professional=professional, last_day=last_day)
    departure.handed = noted.handed if noted else []
    if open_works(professional, last_day):
        heir = _able_heir(actor, professional, last_day, heir)
    open_ones = Membership.objects.filter(professional=professional).exclude(ends_on__lte=last_day)
    for membership in open_ones.select_related("professional").order_by("starts_on", "id"):
        if membership.starts_on > last_day:
            late = f"Une situation commence le {membership.starts_on:%d/%m/%Y}, après ce jour."
            raise Invalid({"last_day": [late]})
        departure.former_ends[str(membership.pk)] = _end_before(noted, membership)
        end_membership(actor, membership=membership, ends_on=last_day)
    if heir:
        departure.handed += _hand_over(actor, professional, heir, last_day, leaves_rest)
    departure.save()
    account = Account.objects.filter(professional=professional).first()
    if account:
        account.closes_on = last_day
        account.save(update_fields=["closes_on"])
        if last_day < actor.today:
            close_account(account)
    detail = {"last_day": last_day.isoformat(), "heir_id": str(heir.pk) if heir else ""}
    record(actor, "professional.leave", target=professional, detail=detail)


@transaction.atomic
def cancel_departure(actor: Actor, *, professional: Professional) -> None:
    """Cancel a departure until its day is over: situations end as before, the account stays open.

    What was handed over stays where it went: it may have been changed since. Refused as `leave`,
    and to those who could not open each of the situations that go on; Invalid once it is over.
    """
    _require_other(actor, professional)
    departure = (
        Departure.objects.select_for_update(no_key=True).filter(professional=professional).first()
    )
    if departure is None or departure.last_day < actor.today:
        raise Invalid({"": [NONE_TO_COME]})
    for membership, ends_on in departure_undone(departure):
        put_back_membership(actor, membership=membership, ends_on=ends_on)
    departure.delete()
    Account.objects.filter(professional=professional).update(closes_on=None)
    record(actor, "professional.leave_cancelled", target=professional)


def _end_before(noted: Departure | None, membership: Membership) -> str | None:
    """Return the last day that a situation has but for a departure noted already."""
    key = str(membership.pk)
    if noted and membership.ends_on == noted.last_day and key in noted.former_ends:
        former: str | None = noted.former_ends[key]
        return former
    return membership.ends_on.isoformat() if membership.ends_on else None


def _require_other(actor: Actor, professional: Professional) -> None:
    require_charge(actor, professional)
    if professional.pk == actor.professional_id:
        raise Refused(
            "own_departure",
            "Nul n’enregistre ni n’annule son propre départ.",
            whom_to_ask="une autre personne qui gère l’annuaire",
        )


def _already_noted(departure: Departure) -> str:
    return (
        f"Un départ est déjà noté au {departure.last_day:%d/%m/%Y}. Pour une personne qui reste "
        "plus longtemps, annulez-le depuis sa fiche, ou, une fois ce jour passé, ouvrez une "
        "situation."
    )


def _able_heir(
    actor: Actor, professional: Professional, last_day: date, heir: Professional | None
) -> Professional:
    if heir is None:
        raise Invalid({"heir": ["Dites qui reprend ce qui reste ouvert."]})
    require_own_operator(actor, heir)
    if not heirs_of(actor, professional, last_day + timedelta(days=1)).filter(pk=heir.pk).exists():
        raise Invalid({"heir": ["Cette personne ne peut pas reprendre ce travail à cette date."]})
    return heir


def _hand_over(
    actor: Actor, leaver: Professional, heir: Professional, last_day: date, leaves_rest: bool
) -> list[list[str | int]]:
    """Give the heir what he may take over from the next day on; return how many of each kind.

    Invalid, unless `leaves_rest`, when some of it is closed to him.
    """
    start = datetime.combine(last_day + timedelta(days=1), time(), get_current_timezone())
    at = max(start, actor.at)
    in_force = heir.memberships.filter(operator=actor.operator_id).active(at)
    # What a bris de glace opens to him closes again before he could do it.
    heirs = [replace(actor_of(one, at), has_broken_glass=False) for one in in_force]
    handed: list[list[str | int]] = []
    rest = []
    for _, work in _works:
        going_on = work.going_on(leaver, last_day)
        open_to = reduce(or_, map(work.open_to, heirs), Q(pk__in=()))
        taken = set(going_on.filter(open_to).values_list("pk", flat=True))
        if closed := going_on.exclude(pk__in=taken).count():
            rest.append(f"{work.label} ({closed})")
        if taken:
            work.hand_over(actor, going_on.filter(pk__in=taken), heir, last_day)
            handed.append([work.label, len(taken), heir.display_name])
    if rest and not leaves_rest:
        raise Invalid({"heir": [_closed_to(heir, rest)]})
    return handed


def _closed_to(heir: Professional, rest: Sequence[str]) -> str:
    return (
        f"{heir.display_name} ne peut pas ouvrir tout ce travail\u00a0: {', '.join(rest)}. "
        "Choisissez un autre collègue, ou cochez que cela reste à reprendre par l’équipe."
    )
