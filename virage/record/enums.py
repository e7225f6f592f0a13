"""States of a transmission."""

from django.db import models


class NoteStatus(models.TextChoices):
    """State of a transmission."""

    VALID = "valid", "Valide"
    CORRECTED = "corrected", "Corrigée"
    WITHDRAWN = "withdrawn", "Retirée"
