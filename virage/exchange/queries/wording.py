"""What a file says otherwise than we hold, in the words of our screens."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field
from django.utils import timezone

from virage.exchange.models import ReceivedItem
from virage.exchange.queries.columns import COLUMNS, RENAMED
from virage.exchange.rules.shelving import kind_of
from virage.formats.tddui import record as transit
from virage.foundation.coded import Coded
from virage.persons.models import LegalProtection

TITLES: dict[type[transit.Item], str] = {
    transit.Person: "Usager",
    transit.Professional: "Professionnel",
    transit.Stay: "Séjour",
    transit.Event: "Évènement",
    transit.Evaluation: "Évaluation",
    transit.Contact: "Contact",
    transit.Protection: "Mesure de protection",
    transit.Coverage: "Couverture sociale",
    transit.Document: "Document",
    transit.Note: "Transmission",
}
MODELS = COLUMNS | {transit.Protection: LegalProtection}
# What no column of the same name holds.
LABELS = {
    "addresses": "Adresses",
    "evaluation": "Évaluation",
    "event": "Évènement",
    "exercise_mode": "Mode d’exercice",
    "former_versions": "Textes précédents",
    "function": "Fonction",
    "held_relation": "Lien",
    "held_role": "Rôle",
    "identifiers": "Numéros",
    "is_sensitive": "Dossier sensible",
    "made_at": "Date du document",
    "professionals": "Professionnels",
    "qualifications": "Qualifications",
    "starts_at": "Début",
    "stay": "Séjour",
    "structure": "Structure",
    "telecoms": "Coordonnées",
    "transports": "Trajets",
    "withdrawn_by": "Retirée par",
}


def said_otherwise(item: ReceivedItem) -> dict[str, str]:
    """Return, by label, what a difference kept apart says; empty for any other item."""
    if item.kind != "differing":
        return {}
    types = {title: kind for kind, title in TITLES.items()}
    kind = types.get(kind_of(item.title))
    said = msgspec.json.decode(item.content)
    return dict(_worded(kind, name, value) for name, value in said.items())


def _worded(kind: type[transit.Item] | None, name: str, value: Any) -> tuple[str, str]:
    column = _column(kind, name)
    if column is None or name in LABELS:
        return LABELS.get(name, name), _words(value)
    choices = dict(column.flatchoices)
    label = str(column.verbose_name)
    return label[:1].upper() + label[1:], str(choices.get(value, "")) or _words(value)


def _column(kind: type[transit.Item] | None, name: str) -> "Field[Any, Any] | None":
    if kind is None:
        return None
    try:
        column = MODELS[kind]._meta.get_field(RENAMED.get((kind, name), name))
    except FieldDoesNotExist:
        return None
    return column if isinstance(column, Field) else None


def _words(value: Any) -> str:
    """Return a value in words: codes by their label, dates as we write them, the rest joined."""
    match value:
        case bool():
            return "Oui" if value else "Non"
        case str():
            return _dated(value)
        case list():
            return "\N{NO-BREAK SPACE}; ".join(map(_words, value))
        case {"code": _} | {"text": _} | {"display": _}:
            return msgspec.convert(value, Coded).label
        case dict():
            return " ".join(_words(part) for part in _parts(value))
    return str(value)


def _parts(value: dict[str, Any]) -> Iterator[Any]:
    """Return the parts of an object that a person reads: not its place, nor its registry."""
    yield from (part for name, part in value.items() if name not in ("key", "path", "system"))


def _dated(text: str) -> str:
    try:
        if len(text) == len("2026-01-01"):
            return f"{date.fromisoformat(text):%d/%m/%Y}"
        if "T" in text:
            return f"{timezone.localtime(datetime.fromisoformat(text)):%d/%m/%Y à %H:%M}"
    except ValueError:
        pass
    return text
