"""« Pourquoi je vois, ou ne vois pas »: the three conditions on one record, and who set them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Subquery, Value
from django.db.models.functions import Concat

from virage.directory.models import Professional
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Reach, Volet
from virage.foundation.access.matrix import Grant, profession_label
from virage.foundation.access.models import Restriction
from virage.foundation.access.predicates import shutting_out
from virage.foundation.access.verdict import VoletRights, require, rights_on
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import saw
from virage.foundation.journal.models import JournalEvent
from virage.persons.access import referring, stays_reached_by
from virage.persons.models import Person


@dataclass(frozen=True)
class VoletWhy:
    """One volet, in words: what may be done there, and the rule that gives or closes it."""

    volet: str
    reads: bool
    counts_alone: bool
    may: str
    rule: str


@dataclass(frozen=True)
class RestrictionRow:
    """One objection or restriction as the direction reads it; `item` says if it closes one item."""

    restriction: Any
    whom: str
    by: str
    is_in_force: bool


@dataclass(frozen=True, kw_only=True)
class Why:
    """Why the actor sees what he sees of a record.

    `links` are what ties him to the person; `volets` what the matrix opens to his profession;
    `has_item_closed` that something of the record is shut to him, never what. The rest is the
    direction's.
    """

    links: list[str]
    volets: list[VoletWhy]
    has_item_closed: bool
    is_sensitive: bool
    is_shared: bool
    may_decide: bool
    may_share: bool
    restrictions: list[RestrictionRow]


def why_of(actor: Actor, person: Person) -> Why:
    """Return why the actor sees what he sees of a person in reach; four SQL statements at most,
    journalled.

    The verdicts are those of `refusal`, the links the rows that the predicate itself filters.
    """
    saw(actor, "record.rights", [person.subject_id])
    decides = actor.directs
    restrictions = list(_restrictions(actor, person, mine_alone=not decides))
    return Why(
        links=list(_links(actor.sides[0] if actor.sides else actor, person)),
        volets=[_worded(one, actor) for one in rights_on(actor, person.subject)],
        has_item_closed=any(one.restriction.is_mine for one in restrictions),
        is_sensitive=person.subject.is_sensitive,
        is_shared=person.subject.is_shared_between_establishments,
        may_decide=decides,
        may_share=decides and actor.reach == Reach.OPERATOR,
        restrictions=restrictions if decides else [],
    )


def find_restriction(actor: Actor, person: Person, restriction_id: UUID) -> Restriction:
    """Return a restriction on a visible record; Refused to all but the direction."""
    require(actor, Cell.VALIDATE, person.subject, Volet.PROJECT)
    restrictions = Restriction.objects.filter(subject=person.subject_id, pk=restriction_id)
    if found := restrictions.select_related("subject").first():
        return found
    raise Refused.hidden()


def _links(actor: Actor, person: Person) -> Iterator[str]:
    if actor.reach == Reach.OPERATOR:
        yield "Votre situation couvre toutes les personnes de l’organisme."
        return
    reached = stays_reached_by(actor).filter(subject=person.subject_id)
    latest = reached.select_related("unit", "establishment").order_by("-entered_on", "id")
    stays = list(latest[:3])
    for stay in stays:
        entry = stay.entered_on or stay.planned_entry_on
        since = f", depuis le {entry:%d/%m/%Y}" if entry else ""
        until = f" et jusqu’au {stay.exited_on:%d/%m/%Y}" if stay.exited_on else ""
        if actor.reach == Reach.UNITS:
            yield f"Elle est accompagnée dans votre unité « {stay.unit} »{since}{until}."
        else:
            yield f"Elle est accompagnée à « {stay.establishment} », que vous suivez{since}{until}."
    if stays and actor.reach != Reach.UNITS:
        return
    for role in referring(actor).filter(subject=person.subject_id).order_by("starts_on", "id"):
        until = f" jusqu’au {role.ends_on:%d/%m/%Y}" if role.ends_on else ""
        yield f"Vous êtes son référent depuis le {role.starts_on:%d/%m/%Y}{until}."


def _worded(rights: VoletRights, actor: Actor) -> VoletWhy:
    may = [
        _cell(grant)
        for grant in rights.grants
        if grant.cell != Cell.NONE and rights.refusals[grant.cell] is None
    ]
    profession = profession_label(actor.profession)
    rule = f"Le tableau des droits le donne à « {profession} »."
    if not may:
        refused = rights.refusals[Cell.READ]
        rule = refused.sentence if refused else rule
    return VoletWhy(
        volet=rights.volet.label,
        reads=rights.reads,
        counts_alone=not rights.reads and rights.refusals[Cell.COUNT] is None,
        may=", ".join(may),
        rule=rule,
    )


def _cell(grant: Grant) -> str:
    if grant.window_hours is None:
        return str(grant.cell.label)
    return f"{grant.cell.label} (saisi depuis moins de {grant.window_hours} h)"


def _restrictions(actor: Actor, person: Person, *, mine_alone: bool) -> Iterator[RestrictionRow]:
    """Give the restrictions on a record, those against the actor marked; one SQL statement.

    The journal knows who raised each.
    """
    raised = JournalEvent.objects.filter(action="restriction.raise", target_id=OuterRef("pk"))
    named = Professional.objects.filter(pk=OuterRef("professional_id"))
    whole = Concat("given_name", Value(" "), "family_name")
    found: Any = Restriction.objects.filter(subject=person.subject_id).annotate(
        is_mine=shutting_out(actor),
        name=Subquery(named.values(whole=whole)[:1]),
        by=Subquery(raised.values("actor_name")[:1]),
    )
    if mine_alone:
        found = found.filter(is_mine=True)
    for one in found.order_by("-raised_at", "-id"):
        yield RestrictionRow(
            restriction=one,
            whom=(one.name or "").strip() or profession_label(one.profession),
            by=one.by or "",
            is_in_force=one.ended_at is None or one.ended_at > actor.at,
        )
