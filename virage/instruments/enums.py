"""States of an evaluation, and of a sheet being filled in."""

from django.db import models


class EvaluationStatus(models.TextChoices):
    """State of an evaluation, with FHIR's QuestionnaireResponse codes, which TDDUI uses."""

    IN_PROGRESS = "in-progress", "En préparation"
    COMPLETED = "completed", "Terminée"
    AMENDED = "amended", "Corrigée"
    ENTERED_IN_ERROR = "entered-in-error", "Saisie par erreur"
    STOPPED = "stopped", "Interrompue"
    UNKNOWN = "", "Non précisé"


# What is said of an evaluation that is not, or no longer, a result.
NO_RESULT = (
    EvaluationStatus.IN_PROGRESS,
    EvaluationStatus.STOPPED,
    EvaluationStatus.ENTERED_IN_ERROR,
)


class SheetState(models.TextChoices):
    """State of a sheet, by the table `workflows/sheet`."""

    OPEN = "open", "En cours"
    FINISHED = "finished", "Terminée"
    LEFT = "left", "Abandonnée"
