"""What every change of this room begins with: the right, then the version it was typed on."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Cell, Verb, Volet
from virage.foundation.access.models import Subject
from virage.foundation.access.verdict import require
from virage.foundation.coded import Coded
from virage.foundation.errors import Conflict, Refused
from virage.persons.models import Versioned

Changed = TypeVar("Changed", bound=Versioned)


def require_write(actor: Actor, subject: Subject | None, *, is_received: bool = False) -> None:
    """Raise `Refused` unless the actor may write identities, or import when it is received.

    An import reaches every person of the operator: it may be what brings her to the actor's team.
    """
    if is_received:
        require(actor, Verb.IMPORT)
        if subject and subject.operator_id != actor.operator_id:
            raise Refused("hidden", "Ce dossier n’existe pas.", is_hidden=True)
    else:
        require(actor, Cell.WRITE, subject, Volet.ADMINISTRATIVE)


def day_of(actor: Actor) -> date:
    """Return the actor's day in Europe/Paris: what « future » is judged against."""
    return timezone.localdate(actor.at)


def locked(item: Changed, expected_version: int, changes: Mapping[str, Any]) -> Changed:
    """Return the stored item, locked, if nobody changed it since the version given.

    Raises Conflict with both texts otherwise, field by field.
    """
    model = type(item)
    current = model._default_manager.select_for_update().filter(pk=item.pk).first()
    if current is None:
        raise Conflict(
            "Quelqu’un a retiré cet élément pendant que vous le modifiiez.",
            mine=_worded(item, changes),
            theirs="(retiré)",
        )
    differing = {name: value for name, value in changes.items() if getattr(current, name) != value}
    if current.version != expected_version and differing:
        theirs = {name: getattr(current, name) for name in differing}
        raise Conflict(
            "Quelqu’un a modifié ces informations pendant que vous les saisissiez.",
            mine=_worded(item, differing),
            theirs=_worded(item, theirs),
        )
    return current


def assign(item: Versioned, changes: Mapping[str, Any]) -> list[str]:
    """Set the values that differ and return the names of their fields; nothing is saved yet."""
    changed = [name for name, value in changes.items() if getattr(item, name) != value]
    for name in changed:
        setattr(item, name, changes[name])
    return changed


def save(item: Versioned, changed: list[str]) -> None:
    """Save the fields changed, under a new version; nothing when nothing changed."""
    if changed:
        item.version += 1
        item.save(update_fields=[*changed, "version"])


def _worded(item: Versioned, values: Mapping[str, Any]) -> str:
    """Word values for a reader, one field a line."""
    return "\n".join(
        f"{_label(item._meta.get_field(name))} : {_text(item._meta.get_field(name), value)}"
        for name, value in values.items()
    )


def _label(field: Any) -> str:
    return str(field.verbose_name).capitalize()


def _text(field: Any, value: Any) -> str:
    if isinstance(field, models.Field) and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    match value:
        case None | "":
            return "(vide)"
        case bool():
            return "oui" if value else "non"
        case date():
            return f"{value:%d/%m/%Y}"
        case Coded():
            return value.label or "(vide)"
        case list():
            return ", ".join(str(part) for part in value) or "(vide)"
    return str(value)
