"""What is to be assessed again, and which referents are told by mail."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from virage.directory.models import Membership
from virage.directory.queries import actor_of
from virage.directory.rules import SYSTEM
from virage.foundation.access.actor import Actor
from virage.foundation.access.predicates import items_visible_to
from virage.instruments.enums import NO_RESULT
from virage.instruments.models import Evaluation
from virage.instruments.queries import offered_to
from virage.persons.models import Referent
from virage.persons.queries.people import stays_visible_to

# A worker stopped longer than this reminds of nothing older: the home page tells it anyway.
LOOKS_BACK = timedelta(days=7)


@dataclass(frozen=True)
class Reminder:
    """How many evaluations a referent is to make again since that day."""

    account_id: UUID
    due_on: date
    count: int


def due_evaluations(actor: Actor, by: date) -> QuerySet[Evaluation]:
    """Return the evaluations that the actor reads, of those present, that are to be made again by
    that day and were not; unordered. What is no result counts for nothing, and a bris de glace
    brings none.
    """
    of_the_team = replace(actor, has_broken_glass=False)
    results = Evaluation.objects.exclude(status__in=NO_RESULT)
    due = results.filter(
        items_visible_to(of_the_team), operator_id=actor.operator_id, due_on__lte=by
    )
    same = {"subject": OuterRef("subject"), "instrument": OuterRef("instrument")}
    in_the_minute = Q(happened_at=OuterRef("happened_at"), id__gt=OuterRef("id"))
    is_later = Q(happened_at__gt=OuterRef("happened_at")) | in_the_minute
    later = results.filter(is_later, **same)
    stays = stays_visible_to(of_the_team).present_at(actor.at).filter(subject=OuterRef("subject"))
    return due.filter(~Exists(later), Exists(stays))


def operators_at_night(at: datetime) -> list[Actor]:
    """Return in whose name the site reminds: the command line of each operator."""
    memberships = Membership.objects.filter(profession=SYSTEM).order_by("pk")
    return [actor_of(one, at, "Rappel des évaluations") for one in memberships]


def reminders(actor: Actor) -> list[Reminder]:
    """Return whom to tell of what fell due lately, referent by referent and day by day.

    A referent is told of what one of his situations may answer and reads, by the rights of the
    moment. Three SQL statements for each referent's situation, whatever the number of persons.
    """
    since = actor.today - LOOKS_BACK
    fallen = due_evaluations(actor, by=actor.today).filter(due_on__gte=since)
    follows = Referent.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=actor.today),
        subject__in=fallen.values("subject"),
        starts_on__lte=actor.today,
    )
    memberships = (
        Membership.objects.active(actor.at)
        .filter(professional__in=follows.values("professional"), operator=actor.operator_id)
        .exclude(professional__account=None)
        .filter(professional__account__is_active=True)
        .select_related("professional__account")
        .order_by("professional", "pk")
    )
    told: dict[UUID, dict[UUID, date]] = {}
    for membership in memberships:
        account_id = membership.professional.account.pk
        own = follows.filter(professional=membership.professional_id).values("subject")
        told.setdefault(account_id, {}).update(_to_make(membership, actor.at, since, own))
    return list(_by_day(told))


def _to_make(
    membership: Membership, at: datetime, since: date, subjects: QuerySet[Referent, Any]
) -> Iterator[tuple[UUID, date]]:
    referent = actor_of(membership, at)
    answered = {one.id for one in offered_to(referent)}
    due = due_evaluations(referent, by=referent.today).filter(
        due_on__gte=since, subject__in=subjects, instrument__in=answered
    )
    yield from ((one.pk, one.due_on) for one in due.only("due_on") if one.due_on)


def _by_day(told: dict[UUID, dict[UUID, date]]) -> Iterator[Reminder]:
    for account_id, due in told.items():
        for due_on, count in sorted(Counter(due.values()).items()):
            yield Reminder(account_id, due_on, count)
