"""The weekly review: each bris de glace, what was read under it, and what is still to be judged."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse

from virage.foundation.access.actor import Actor
from virage.foundation.access.emergency import may_break_the_glass, policy
from virage.foundation.access.enums import Cell, Review, Volet
from virage.foundation.access.matrix import profession_label
from virage.foundation.access.models import BrisDeGlace
from virage.foundation.access.predicates import subjects_visible_to
from virage.foundation.access.verdict import require
from virage.foundation.calendar import midnight
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.foundation.journal.models import JournalLine
from virage.foundation.ui.components import Badge
from virage.foundation.ui.home import Card
from virage.persons.models import Person

WEEK = timedelta(days=7)
REVIEW_BADGES = {
    Review.ACCEPTED: Badge("Accepté", "success"),
    Review.TO_EXPLAIN: Badge("À expliquer", "warning"),
}


@dataclass(frozen=True, kw_only=True)
class Reviewed:
    """One opening as the direction judges it: who, whose record, why, what was read, what is said.

    `at` is when it was opened, or asked for when nobody approved it. `reads` counts the pages shown
    under it; `volets` names what they held beyond the identity.
    """

    opening: BrisDeGlace
    at: datetime
    person: Person
    profession: str
    reads: int
    volets: str
    badges: tuple[Badge, ...]


@dataclass(frozen=True, kw_only=True)
class ReviewWeek:
    """The openings of a week, from Monday, with the requests that nobody approved; before them the
    openings of the weeks before that nobody has reviewed.
    """

    monday: date
    sunday: date
    before: date
    after: date | None
    rows: list[Reviewed]
    waiting: list[Reviewed]


def approval_refusal(actor: Actor) -> Refused | None:
    """Return why the actor may never be the second person: neither health, nor the direction."""
    if may_break_the_glass(actor.profession) or actor.directs:
        return None
    return Refused(
        "health_profession",
        "Seuls un professionnel de santé de l’équipe ou la direction approuvent un bris de glace.",
        whom_to_ask="l’infirmière ou le médecin d’astreinte, ou la direction",
    )


def review_week(actor: Actor, day: date) -> ReviewWeek:
    """Return the review of the week of this day, and what waits of the weeks before; journalled;
    two SQL statements and the lines read.

    Refused to all but the direction, which sees the openings of the records that it reaches.
    """
    require(actor, Cell.VALIDATE, None, Volet.PROJECT)
    monday = day - timedelta(days=day.weekday())
    starts, ends = midnight(monday), midnight(monday + WEEK)
    waiting = Q(review="", opened_at__lt=starts)
    shown = _openings(actor).filter(Q(since__gte=starts, since__lt=ends) | waiting)
    rows = _reviewed(actor, shown)
    saw(actor, "bris_de_glace.list", {row.opening.subject_id for row in rows})
    return ReviewWeek(
        monday=monday,
        sunday=monday + timedelta(days=6),
        before=monday - WEEK,
        after=monday + WEEK if monday + WEEK <= actor.today else None,
        rows=[row for row in rows if row.at >= starts],
        waiting=[row for row in rows if row.at < starts],
    )


def review_card(actor: Actor) -> Card | None:
    """Return how many openings of others wait for the review of the direction, and how many for
    too long; one SQL statement, no card for others nor when none waits.
    """
    if not actor.directs:
        return None
    in_time = actor.at - timedelta(days=policy().review_days)
    openings = BrisDeGlace.objects.opened().filter(
        ~Q(professional_id=actor.professional_id),
        subjects_visible_to(actor),
        operator_id=actor.operator_id,
        review="",
    )
    late = Count("pk", filter=Q(opened_at__lt=in_time))
    count = openings.aggregate(all=Count("pk"), late=late)
    if not count["all"]:
        return None
    is_many = count["all"] > 1
    words = "ouvertures en urgence attendent" if is_many else "ouverture en urgence attend"
    too_late = f", dont {count['late']} en retard" if count["late"] else ""
    return Card(
        title="Bris de glace à revoir",
        url=reverse("persons:opening_list"),
        icon="siren",
        summary=f"{count['all']} {words} votre revue{too_late}.",
    )


def find_opening(actor: Actor, opening_id: UUID) -> Reviewed:
    """Return one opening to review, journalled; Refused as `review_week`, hidden out of reach."""
    require(actor, Cell.VALIDATE, None, Volet.PROJECT)
    rows = _reviewed(actor, _openings(actor).filter(pk=opening_id))
    if not rows:
        raise Refused.hidden()
    saw(actor, "bris_de_glace.list", [rows[0].opening.subject_id])
    return rows[0]


def opening_to_approve(actor: Actor, opening_id: UUID) -> BrisDeGlace:
    """Return an opening to approve; Refused as `approval_refusal`, hidden out of reach."""
    if refused := approval_refusal(actor):
        raise refused
    openings = BrisDeGlace.objects.filter(subjects_visible_to(actor), pk=opening_id)
    opening = openings.select_related("subject__person").first()
    if opening is None:
        raise Refused.hidden()
    saw(actor, "bris_de_glace.list", [opening.subject_id])
    return opening


def _openings(actor: Actor) -> QuerySet[Any]:
    """Return the openings of the records in reach, opened or asked for in vain, the latest first.

    Each has `since`, when it was opened or asked for, and `recent`, how many its author opened in
    the days of the policy, itself included.
    """
    near = _opened_lately(OuterRef("professional_id"), OuterRef("opened_at"))
    count = near.order_by().values("professional_id").annotate(n=Count("pk")).values("n")
    return (
        BrisDeGlace.objects.filter(subjects_visible_to(actor), operator_id=actor.operator_id)
        .annotate(since=Coalesce("opened_at", "asked_at"), recent=Coalesce(Subquery(count), 0))
        .select_related("subject__person")
        .order_by(F("since").desc(), "-id")
    )


def count_recent(opening: BrisDeGlace) -> int:
    """Return how many its author opened in the days of the policy, itself included; for a job."""
    return _opened_lately(opening.professional_id, opening.opened_at).count()


def _opened_lately(professional_id: Any, opened_at: Any) -> QuerySet[BrisDeGlace]:
    """Return what a professional opened in the days of the policy that end at this instant."""
    return BrisDeGlace.objects.opened().filter(
        professional_id=professional_id,
        opened_at__lte=opened_at,
        opened_at__gt=opened_at - timedelta(days=policy().often_days),
    )


def _reviewed(actor: Actor, openings: QuerySet[Any]) -> list[Reviewed]:
    found = list(openings)
    reads = _reads_under([one for one in found if one.opened_at])
    return [
        Reviewed(
            opening=one,
            at=one.since,
            person=one.subject.person,
            profession=profession_label(one.profession),
            reads=len(reads[one.pk]),
            volets=", ".join(_labels(reads[one.pk])),
            badges=tuple(_badges(one, one.recent, actor.at)),
        )
        for one in found
    ]


def _reads_under(openings: list[Any]) -> dict[UUID, list[str]]:
    """Return the volets of each line of journal read under each opening; one SQL statement."""
    by_opening: dict[UUID, list[str]] = defaultdict(list)
    if not openings:
        return by_opening
    lines = JournalLine.objects.filter(
        subject_id__in={one.subject_id for one in openings},
        event__membership_id__in={one.membership_id for one in openings},
        event__at__gte=min(one.opened_at for one in openings),
        event__at__lte=max(one.ends_at for one in openings),
        event__is_write=False,
    ).values_list("subject_id", "event__membership_id", "event__at", "volets")
    for subject_id, membership_id, at, volets in lines:
        for one in openings:
            is_same = (one.subject_id, one.membership_id) == (subject_id, membership_id)
            if is_same and one.opened_at <= at <= one.ends_at:
                by_opening[one.pk].append(volets)
    return by_opening


def _labels(reads: Iterable[str]) -> list[str]:
    read = {volet for volets in reads for volet in volets.split(",")}
    return [volet.label for volet in Volet if volet in read]


def _badges(opening: BrisDeGlace, recent: int, at: datetime) -> Iterator[Badge]:
    is_running = opening.ends_at > at
    if opening.opened_at is None:
        yield Badge("Attend une deuxième personne" if is_running else "Demandé, non ouvert")
    elif is_running:
        yield Badge("En cours", "warning")
    if opening.review:
        yield REVIEW_BADGES[Review(opening.review)]
    elif opening.opened_at and at - opening.opened_at > timedelta(days=policy().review_days):
        yield Badge("Revue en retard", "danger")
    elif opening.opened_at:
        yield Badge("À revoir", "info")
    if policy().is_often(recent):
        yield Badge(f"{recent} en {policy().often_days} jours", "danger", "triangle-alert")
    if opening.approver_name:
        yield Badge("Ouvert à deux", "info", "users")
