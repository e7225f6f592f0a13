"""States of a transmission, the kinds of facts that the record tells, and what runs by itself."""

from django.db import models

# Messages of the outbox: what is looked for every night, and the mail that it leads to.
EVALUATIONS_DUE = "evaluations.due"
EVALUATIONS_DUE_TOLD = "evaluations.due_told"


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
