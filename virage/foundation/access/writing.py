"""How every action on the items of a record begins: may the actor, and who signs."""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import datetime
from typing import Any, Protocol, TypeVar
from uuid import UUID

from django.db.models import QuerySet

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Reach, Verb, Volet
from virage.foundation.access.models import Subject
from virage.foundation.access.predicates import subjects_visible_to
from virage.foundation.access.rules import Origin
from virage.foundation.access.verdict import refusal, require
from virage.foundation.errors import Invalid, Refused


class Draft(Protocol):
    """An item to write: with an origin it was received, without one it is entered by hand."""

    @property
    def volet(self) -> Volet: ...
    @property
    def origin(self) -> Origin | None: ...


class ItemDraft(Draft, Protocol):
    """An item that its author may share with the team and the person."""

    @property
    def is_published(self) -> bool: ...


D = TypeVar("D", bound=Draft)


def require_entries(
    actor: Actor,
    drafts: Sequence[D],
    subjects_of: Callable[[D], Iterable[UUID]],
    faults_of: Callable[[D, datetime], dict[str, list[str]]],
) -> dict[UUID, set[str]]:
    """Return the volets by subject of items that the actor may write, for the journal.

    Refused unless he may import what has an origin, and write the rest, in each volet of each
    subject. Invalid for the faults of what is entered by hand: what is received is kept. One SQL
    statement when nothing is refused, whatever the number of subjects.
    """
    entries: dict[UUID, set[str]] = {}
    for draft in drafts:
        for subject_id in subjects_of(draft):
            entries.setdefault(subject_id, set()).add(draft.volet)
    _require_entry(actor, entries, (draft.origin for draft in drafts))
    for draft in drafts:
        if not draft.origin:
            Invalid.raise_if(faults_of(draft, actor.at))
    return entries


def _require_entry(
    actor: Actor, entries: Mapping[UUID, Set[str]], origins: Iterable[Origin | None]
) -> None:
    volets = sorted(set().union(*entries.values()))
    rights = {Verb.IMPORT if origin else Cell.WRITE for origin in origins}
    subjects = Subject.objects.filter(pk__in=entries)
    visible = set(subjects.filter(subjects_visible_to(actor, "id")).values_list("pk", flat=True))
    if hidden := entries.keys() - visible:
        subject = subjects.filter(pk__in=hidden).order_by("pk").first()
        if subject is None:
            raise Refused.hidden()
        require(actor, Cell.WRITE, subject, Volet(volets[0]))
    for right in rights:
        for volet in volets:
            require(actor, right, None, Volet(volet))


def counted(drafts: Sequence[ItemDraft]) -> dict[str, int]:
    """Return what the journal says of items written: how many, and how many are shared.

    The law tells « partage » from « échange » (CSP L1110-4): what goes out to somebody has gestures
    of its own (`record.export`, `edition.make`, `document.download`).
    """
    return {"count": len(drafts), "shared": sum(one.is_published for one in drafts)}


def change_refusal(
    actor: Actor, *, volet: str, establishment_id: UUID, in_reach: QuerySet[Any]
) -> Refused | None:
    """Return why the actor may not change an item that he reads, or None when he may.

    A bris de glace gives to read: `in_reach`, the item if the actor reaches it, is asked for only
    while one is in force.

    A record shared between establishments opens to each what the others wrote, to be read: only
    the establishment of the item changes it, or a situation that covers the whole operator.
    """
    refused = place_refusal(actor, establishment_id=establishment_id, in_reach=in_reach)
    return refused or refusal(actor, Cell.WRITE, None, Volet(volet))


def place_refusal(
    actor: Actor, *, establishment_id: UUID, in_reach: QuerySet[Any]
) -> Refused | None:
    """Return why an item is not the actor's to change, whatever its volet (`change_refusal`)."""
    if actor.reach != Reach.OPERATOR and actor.establishment_id != establishment_id:
        return Refused(
            "establishment",
            "Cet écrit est d’un autre établissement : le dossier partagé le donne à lire, pas à "
            "modifier.",
            whom_to_ask="son auteur, ou la direction de l’établissement qui l’a écrit",
        )
    if actor.has_broken_glass and not in_reach.exists():
        return Refused(
            "care_team",
            "Le bris de glace donne à lire, pas à modifier.",
            whom_to_ask="l’équipe qui accompagne cette personne",
        )
    return None


def signature(
    actor: Actor,
    happened_at: datetime,
    origin: Origin | None = None,
    establishment_id: UUID | None = None,
) -> dict[str, Any]:
    """Return the columns of an `AuthoredItem` that say when it happened, who wrote it and where.

    They are the actor's, at his instant, or those of the origin; where the origin does not say
    when an item was entered, it was when it happened, at the latest now. A membership that covers
    the whole operator says for which establishment it writes: Invalid otherwise.
    """
    columns = {"operator_id": actor.operator_id, "happened_at": happened_at}
    if origin is None:
        establishment_id = actor.establishment_id or establishment_id
        if establishment_id is None:
            raise Invalid({"": ["Précisez pour quel établissement vous écrivez."]})
        return columns | {
            "establishment_id": establishment_id,
            "author_id": actor.professional_id,
            "author_name": actor.display_name,
            "author_profession": actor.profession,
            "recorded_at": actor.at,
        }
    return columns | {
        "establishment_id": origin.establishment_id,
        "received_structure_id": origin.structure_id,
        "author_id": origin.author_id,
        "author_name": origin.author_name,
        "author_profession": origin.author_profession,
        "recorded_at": origin.recorded_at or min(happened_at, actor.at),
        "received_identifier": origin.identifier,
        "received_system": origin.system,
    }
