"""The file of an edition: how long it is, its name, whether it may be filed in the record."""

from datetime import date
from uuid import UUID

from virage.documents.rules import ACCEPTED, download_name
from virage.editions.enums import FileFormat
from virage.editions.rules.templates import Template
from virage.formats.edition.tree import Edition, Table, texts_of

# Characters that take about a second to write on an old machine, some hundred pages.
LONGEST_AT_ONCE = 250_000


def is_long(edition: Edition) -> bool:
    """Whether an edition takes too long to be waited for: more than about a second."""
    return sum(map(len, texts_of(edition))) > LONGEST_AT_ONCE


def line_count(edition: Edition) -> int:
    """Return how many rows its tables have."""
    return sum(len(block.rows) for block in edition.blocks if isinstance(block, Table))


def type_of_format(file_format: FileFormat) -> str:
    """Return the media type of a file, as the documents of a record name it."""
    extension = f".{file_format}"
    return next(one for one, nature in ACCEPTED.items() if nature.extension == extension)


def file_name(title: str, file_format: FileFormat, day: date) -> str:
    """Return « Fiche-de-la-personne-2026-11-28.pdf »: the document and the day, no person."""
    return download_name(f"{title} {day}", type_of_format(file_format))


def faults_of_filing(template: Template, establishment_id: UUID | None) -> dict[str, list[str]]:
    """Return what refuses to file an edition, by field.

    A copy is read under its own rule: it would outlive the restrictions put later on what it
    copies. So transmissions are not filed, and what one establishment does not show to another is
    not filed by who reads them all.
    """
    if template.filed_in is None:
        return {
            "is_filed": ["Ce document ne s’enregistre pas\u00a0: le dossier tient déjà ses textes."]
        }
    if establishment_id is None:
        message = "Prenez une situation dans un établissement pour enregistrer dans le dossier."
        return {"is_filed": [message]}
    return {}
