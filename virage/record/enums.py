"""States of a transmission, and the kinds of facts that the record tells."""

from django.db import models


class NoteStatus(models.TextChoices):
    """State of a transmission."""

    VALID = "valid", "Valide"
    CORRECTED = "corrected", "Corrigée"
    WITHDRAWN = "withdrawn", "Retirée"


class FactKind(models.TextChoices):
    """What a fact of the timeline is."""

    NOTE = "note", "Transmission"
    EVENT = "event", "Évènement"
    EVALUATION = "evaluation", "Évaluation"
    DOCUMENT = "document", "Document"
