"""The dependency of those who live in a unit: its GMP, how it is made, and who is behind."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from virage.directory.models import Unit
from virage.directory.queries import unit_of, units_of_situation
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.matrix import Grant
from virage.foundation.access.predicates import items_in_reach_of, items_visible_to
from virage.foundation.access.verdict import KEEPER_OF_RIGHTS
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.foundation.ui.paging import Column
from virage.instruments.enums import NO_RESULT
from virage.instruments.models import Evaluation
from virage.instruments.rules.aggir import mean_points, table
from virage.instruments.rules.gir import AGGIR
from virage.instruments.rules.shipped import in_force
from virage.persons.queries.people import stays_visible_to

SHARE_COLUMNS = (
    Column("GIR"),
    Column("Points", is_number=True),
    Column("Personnes", is_number=True),
    Column("Points × personnes", is_number=True),
)


@dataclass(frozen=True, kw_only=True)
class Assessed:
    """Someone present in the unit, with her GIR in force, if she has one and it may be read.

    `is_old`: it is past the time after which the grid is made again.
    """

    name: str
    url: str
    made_at: datetime | None
    is_old: bool
    gir: int | None = None


@dataclass(frozen=True)
class Share:
    """How many have this GIR, and what they bring to the sum."""

    gir: int
    points: int
    people: int

    @property
    def product(self) -> int:
        """The points of all of them."""
        return self.points * self.people


@dataclass(frozen=True, kw_only=True)
class UnitDependency:
    """The GMP of a unit on a day; those who have no GIR are told apart, and count for nothing.

    `old` are how many count by a GIR that is to be made again.
    """

    unit: Unit
    gmp: Decimal | None
    shares: list[Share]
    unassessed: int
    old: int
    columns: tuple[Column, ...] = SHARE_COLUMNS

    @property
    def assessed(self) -> int:
        """How many people the mean is made of."""
        return sum(share.people for share in self.shares)

    @property
    def total(self) -> int:
        """The sum of their points."""
        return sum(share.product for share in self.shares)


@dataclass(frozen=True, kw_only=True)
class UnitPeople:
    """Who is behind the GMP of a unit, by name; GIRs are among them for who reads them."""

    unit: Unit
    people: list[Assessed]
    shows_gir: bool

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the list."""
        return (Column("Nom"), Column("Évaluée le"), *([Column("GIR")] if self.shows_gir else []))


def unit_dependency(actor: Actor, unit_id: UUID) -> UnitDependency:
    """Return the GMP of a unit today, journalled; two SQL statements whatever its size.

    Refused unless the actor counts the care volet, and to who works elsewhere.
    """
    unit = _unit_counted(actor, unit_id)
    rows = _present(actor, unit).values_list("subject", "gir", "made_at")
    girs = {subject: (gir, made_at) for subject, gir, made_at in rows}
    saw(actor, "unit.gmp", girs, [Volet.CARE])
    given = [gir for gir, _ in girs.values() if gir]
    points = table().points
    shares = [Share(gir, points[gir], given.count(gir)) for gir in points]
    return UnitDependency(
        unit=unit,
        gmp=mean_points({share.gir: share.people for share in shares}),
        shares=shares,
        unassessed=len(girs) - len(given),
        old=sum(_is_old(actor, made_at) for _, made_at in girs.values()),
    )


def unit_people(actor: Actor, unit_id: UUID) -> UnitPeople:
    """Return who is behind the GMP of a unit, journalled; two SQL statements whatever its size.

    Who only counts the care volet is told who was assessed and when, never the result. Refused as
    `unit_dependency`.
    """
    unit = _unit_counted(actor, unit_id)
    shows_gir = _reads(actor)
    stays = _present(actor, unit).select_related("person")
    found = {stay.subject_id: stay for stay in stays.order_by("person__search_text", "id")}
    saw(actor, "unit.gmp_list", found, [Volet.CARE])
    people = [
        Assessed(
            name=stay.person.display_name,
            url=reverse("record:evaluations", args=[stay.person_id]),
            made_at=stay.made_at,
            is_old=_is_old(actor, stay.made_at),
            gir=stay.gir if shows_gir else None,
        )
        for stay in found.values()
    ]
    return UnitPeople(unit=unit, people=people, shows_gir=shows_gir)


def _present(actor: Actor, unit: Unit) -> QuerySet[Any]:
    """Return the stays of those present in the unit, with their GIR in force and its day."""
    readable = items_visible_to(actor) if _reads(actor) else items_in_reach_of(actor)
    carrying = Evaluation.objects.filter(readable, subject=OuterRef("subject"), gir__isnull=False)
    latest = carrying.exclude(status__in=NO_RESULT).order_by("-happened_at", "-id")
    return (
        stays_visible_to(actor)
        .present_at(actor.at)
        .filter(unit=unit)
        .annotate(
            gir=Subquery(latest.values("gir")[:1]),
            made_at=Subquery(latest.values("happened_at")[:1]),
        )
    )


def _is_old(actor: Actor, made_at: datetime | None) -> bool:
    """Whether a GIR is past the time after which our grid is due again, wherever it was made."""
    grid = in_force(AGGIR, actor.today)
    if made_at is None or grid is None or grid.again_after_days is None:
        return False
    due_on = timezone.localdate(made_at) + timedelta(days=grid.again_after_days)
    return due_on < actor.today


def _reads(actor: Actor) -> bool:
    return Grant(Cell.READ) in actor.grants(Volet.CARE)


def _unit_counted(actor: Actor, unit_id: UUID) -> Unit:
    """Return a unit of which the actor counts the care volet; the `Refused` that says why not."""
    unit = unit_of(actor, unit_id)
    if not (actor.sees_identities and actor.counts(Volet.CARE)):
        raise Refused(
            "matrix",
            f"En exerçant comme « {actor.profession_label} », vous ne lisez ni le volet "
            f"« {Volet.CARE.label} » entier, ni ses nombres.",
            whom_to_ask=KEEPER_OF_RIGHTS,
        )
    if not units_of_situation(actor).filter(pk=unit.pk).exists():
        raise Refused(
            "care_team",
            "Vous n’êtes pas dans l’équipe de cette unité.",
            whom_to_ask="la direction de l’établissement",
        )
    return unit
