"""What two people may edit at once: it carries a version, and whoever comes second is told."""

from collections.abc import Mapping
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from django.db import models
from django.utils.timezone import localtime

from virage.foundation.coded import Coded
from virage.foundation.errors import Conflict
from virage.foundation.journal.queries import last_write_on


class Versioned(models.Model):
    """What two people may edit at once: the version tells that someone else went first."""

    version = models.PositiveIntegerField("version", default=1)

    class Meta:
        abstract = True


Changed = TypeVar("Changed", bound=Versioned)


def locked(item: Changed, expected_version: int, changes: Mapping[str, Any]) -> Changed:
    """Return the stored item, locked, if nobody changed it since the version given.

    Raises Conflict with both texts otherwise, field by field.
    """
    model = type(item)
    current = model._default_manager.select_for_update(no_key=True).filter(pk=item.pk).first()
    if current is None:
        raise Conflict(
            meanwhile(item.pk, "a retiré cet élément", "pendant que vous le modifiiez"),
            mine=_worded(item, changes),
            theirs="(retiré)",
        )
    differing = {name: value for name, value in changes.items() if getattr(current, name) != value}
    if current.version != expected_version and differing:
        theirs = {name: getattr(current, name) for name in differing}
        raise Conflict(
            meanwhile(item.pk, "a modifié ces informations", "pendant que vous les saisissiez"),
            mine=_worded(item, differing),
            theirs=_worded(item, theirs),
        )
    return current


def meanwhile(target_id: UUID, did: str, while_you: str) -> str:
    """Say who went first and when, as the journal knows; « Quelqu’un » when it does not."""
    event = last_write_on(target_id)
    if event is None:
        return f"Quelqu’un {did} {while_you}."
    at = localtime(event.at)
    moment = f"le {at:%d/%m/%Y} à {at.hour} h {at.minute:02}"
    return f"{event.actor_name} {did} {moment}, {while_you}."


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
        f"{_label(item._meta.get_field(name))} : {_text(item._meta.get_field(name), value)}"
        for name, value in values.items()
    )


def _label(field: Any) -> str:
    label = str(field.verbose_name)
    return label[:1].upper() + label[1:]


def _text(field: Any, value: Any) -> str:
    if isinstance(field, models.ForeignKey) and value and not isinstance(value, models.Model):
        named = field.related_model._default_manager.filter(pk=value).first()
        return str(named or value)
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
