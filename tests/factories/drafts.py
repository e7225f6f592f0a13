"""What the tests write: a draft of each kind, to be changed by keyword."""

from datetime import UTC, datetime, timedelta
from typing import Any

from virage.agenda.rules import EventDraft
from virage.documents.rules import DocumentDraft, VersionDraft
from virage.formats.tddui.record import Answer
from virage.foundation.access.enums import Volet
from virage.foundation.content import nomenclature
from virage.instruments.rules.answers import EvaluationDraft
from virage.persons.models import Person
from virage.record.rules import NoteDraft


def moments_ago(hours: float = 1) -> datetime:
    """Return a recent instant."""
    return datetime.now(UTC) - timedelta(hours=hours)


def note(person: Person, **changes: Any) -> NoteDraft:
    """A transmission in the care volet."""
    written = {"volet": Volet.CARE, "text": "A bien dormi.", "happened_at": moments_ago()}
    return NoteDraft(subject_id=person.subject_id, **written | changes)


def event(*persons: Person, **changes: Any) -> EventDraft:
    """A planned event in the care volet."""
    planned = {
        "volet": Volet.CARE,
        "label": "Séance de kinésithérapie",
        "happened_at": moments_ago(),
    }
    return EventDraft(subject_ids=[one.subject_id for one in persons], **planned | changes)


def evaluation(person: Person, **changes: Any) -> EvaluationDraft:
    """An evaluation with one answer in the care volet."""
    frozen = {
        "volet": Volet.CARE,
        "title": "Échelle de douleur",
        "happened_at": moments_ago(),
        "answers": [Answer(text="Douleur au repos", value=3)],
    }
    return EvaluationDraft(subject_id=person.subject_id, **frozen | changes)


def grid(person: Person, gir: int, **changes: Any) -> EvaluationDraft:
    """An AGGIR grid as another software sends it: its result is one coded answer."""
    published = nomenclature.get("gir")
    result = published.coded(list(published.labels())[gir - 1])
    line = Answer(link_id="resultat-eval", value=result, value_kind="Coding")
    answers = [Answer(link_id="grid", text="Grille", children=[line])]
    return evaluation(person, **{"title": "Grille AGGIR", "answers": answers} | changes)


def version(content: bytes = b"%PDF-1.4 signe", **changes: Any) -> VersionDraft:
    """Another PDF, signed since."""
    said = {"content_type": "application/pdf", "happened_at": moments_ago(), "reason": "signé"}
    return VersionDraft(content=content, **said | changes)


def document(person: Person, **changes: Any) -> DocumentDraft:
    """A PDF in the care volet."""
    added = {
        "volet": Volet.CARE,
        "title": "Compte rendu de consultation",
        "content": b"%PDF-1.4 compte rendu",
        "content_type": "application/pdf",
        "happened_at": moments_ago(),
    }
    return DocumentDraft(subject_id=person.subject_id, **added | changes)
