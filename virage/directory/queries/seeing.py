"""« Voir comme »: what a situation of a colleague sees, for whoever could open it."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from virage.directory.queries.actors import actor_seen
from virage.directory.queries.opening import opening_refusal
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, SubjectKind, Verb, Volet
from virage.foundation.access.looking import looking_as
from virage.foundation.access.matrix import Grant, common
from virage.foundation.access.models import Subject
from virage.foundation.access.predicates import subjects_visible_to
from virage.foundation.errors import Refused


@dataclass(frozen=True)
class RightsRow:
    """A volet, or whole records: what the situation may do, and what « Voir comme » shows of it."""

    label: str
    may: str
    is_shown: str


@dataclass(frozen=True)
class RightsSeen:
    """What a situation sees: how many records it reaches, and its rights, volet by volet."""

    seen: Actor
    reached: int
    rows: list[RightsRow]


def seeing_as(actor: Actor, membership_id: UUID) -> Actor:
    """Return the actor who looks as this situation does (`looking_as`); one SQL statement.

    Refused, as not existing, unless it is a colleague's and in force; and to whoever could not open
    it (`opening_refusal`).
    """
    return looking_as(actor, _judged(actor, membership_id))


def rights_seen(actor: Actor, membership_id: UUID) -> RightsSeen:
    """Return what this situation sees, its records counted and never named; two SQL statements.

    Refused as `seeing_as`.
    """
    seen = _judged(actor, membership_id)
    subjects = Subject.objects.filter(subjects_visible_to(seen, "id"), kind=SubjectKind.PERSON)
    both = common(seen.profession, actor.profession)
    rows = [
        RightsRow(
            volet.label,
            _cells(actor.matrix.grants(seen.profession, volet)),
            _cells(actor.matrix.grants(both, volet)),
        )
        for volet in Volet
    ]
    whole = RightsRow("Dossiers entiers", _verbs(actor, seen.profession), _verbs(actor, both))
    return RightsSeen(seen, subjects.count(), [*rows, whole])


def _judged(actor: Actor, membership_id: UUID) -> Actor:
    seen = actor_seen(actor, membership_id)
    if seen is None or seen.professional_id == actor.professional_id:
        raise Refused.hidden()
    refused = opening_refusal(
        actor,
        profession=seen.profession,
        establishment_id=seen.establishment_id,
        reach=seen.reach,
        unit_ids=seen.unit_ids,
    )
    if refused:
        raise refused
    return seen


def _cells(given: Sequence[Grant]) -> str:
    cells = [grant for grant in given if grant.cell != Cell.NONE]
    return ", ".join(_worded(grant) for grant in cells) or "rien"


def _worded(grant: Grant) -> str:
    if grant.window_hours is None:
        return str(grant.cell.label)
    return f"{grant.cell.label} (saisi depuis moins de {grant.window_hours} h)"


def _verbs(actor: Actor, profession: str) -> str:
    verbs = [verb.label for verb in Verb if actor.matrix.allows_verb(profession, verb)]
    return ", ".join(verbs) or "rien"
