"""States of an event, with FHIR's Encounter codes."""

from django.db import models


class EventStatus(models.TextChoices):
    """State of an évènement; TDDUI: planifié, validé, annulé, réalisé."""

    PLANNED = "planned", "Planifié"
    VALIDATED = "triaged", "Validé"
    ARRIVED = "arrived", "Arrivé"
    IN_PROGRESS = "in-progress", "En cours"
    FINISHED = "finished", "Réalisé"
    CANCELLED = "cancelled", "Annulé"
    UNKNOWN = "", "Non précisé"


class Traveller(models.TextChoices):
    """Who travels."""

    USAGER = "usager", "Personne accompagnée"
    PROFESSIONAL = "professional", "Professionnel"
