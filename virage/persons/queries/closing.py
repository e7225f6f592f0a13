"""Who may close a record, or one item of it, to somebody."""

from uuid import UUID

from django.apps import apps
from django.db.models import Model, QuerySet

from virage.agenda.models import Event
from virage.directory.models import AuthoredItem, Membership, Professional
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Volet
from virage.foundation.access.matrix import matrix_file
from virage.foundation.access.predicates import items_in_reach_of, items_visible_to
from virage.foundation.access.verdict import refusal
from virage.foundation.access.writing import change_refusal
from virage.foundation.errors import Refused
from virage.persons.models import Person, Stay
from virage.persons.queries.places import colleagues_of


def closing_refusal(actor: Actor, person: Person, item_id: UUID | None = None) -> Refused | None:
    """Return why the actor may not close a record, or that item of it, or None when he may.

    The direction may, of what it does not read as of the rest. Who wrote an item, and may still
    change it, may close that one: it is to her that the person says what she opposes (CSP L1110-4).
    """
    if item_id and not actor.directs:
        for kind in _authored():
            path = _path_to_subject(kind)
            items = kind._default_manager.filter(pk=item_id, **{path: person.subject_id})
            item = items.filter(items_visible_to(actor, path)).first()
            if item and item.author_id == actor.professional_id:
                reached = kind._default_manager.filter(items_in_reach_of(actor, path), pk=item_id)
                where = item.establishment_id
                return change_refusal(
                    actor, volet=item.volet, establishment_id=where, in_reach=reached
                )
    return refusal(actor, Cell.VALIDATE, person.subject, Volet.PROJECT)


def closable_volets(actor: Actor) -> frozenset[Volet]:
    """Return the volets in which the actor closes an item that he wrote; no SQL statement."""
    return frozenset(v for v in Volet if actor.directs or actor.may(Cell.WRITE, v))


def closable_to(actor: Actor) -> QuerySet[Professional]:
    """Return the colleagues to whom the actor may close something: for another than the direction,
    neither himself nor the direction, which lifts.
    """
    colleagues = colleagues_of(actor)
    if actor.directs:
        return colleagues
    of_direction = Membership.objects.filter(profession__in=directing(actor))
    others = colleagues.exclude(pk=actor.professional_id)
    return others.exclude(pk__in=of_direction.values("professional"))


def directing(actor: Actor) -> list[str]:
    """Return the professions of the direction, as the operator's rights in force say."""
    professions = matrix_file().professions
    return [one for one in professions if actor.matrix.allows(one, Cell.VALIDATE, Volet.PROJECT)]


def holds(person: Person, item_id: UUID) -> bool:
    """Whether an item of a kind that may be closed is in the record of this person."""
    kinds: list[type[Model]] = [Stay, *_authored()]
    return any(
        kind._default_manager.filter(
            pk=item_id, **{_path_to_subject(kind): person.subject_id}
        ).exists()
        for kind in kinds
    )


def _authored() -> list[type[AuthoredItem]]:
    """Return the kinds of items, found among the models in use: this room does not know those of
    higher rooms."""
    return [model for model in apps.get_models() if issubclass(model, AuthoredItem)]


def _path_to_subject(kind: type[Model]) -> str:
    return "participations__subject" if kind is Event else "subject"
