"""States of an import."""

from django.db import models


class ImportState(models.TextChoices):
    """Where a received file stands."""

    RECEIVED = "received", "Reçu"
    HELD = "held", "Identité à comparer"
    IMPORTED = "imported", "Importé"
    KNOWN = "known", "Déjà reçu"
    REFUSED = "refused", "Refusé"
    DISCARDED = "discarded", "Écarté"


class LineLevel(models.TextChoices):
    """What a line of an import report says."""

    CREATED = "created", "Créé"
    KNOWN = "known", "Déjà connu"
    KEPT = "kept", "Reçu, non repris"
    WARNING = "warning", "Avertissement"
    REFUSAL = "refusal", "Refus"
