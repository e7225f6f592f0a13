"""Choices of the editions room."""

from django.db import models


class Kind(models.TextChoices):
    """What can be edited; the value names the folder of its template."""

    PERSON_SHEET = "person_sheet", "Fiche de la personne"
    EMERGENCY_SHEET = "emergency_sheet", "Fiche d’urgence"
    NOTES = "notes", "Recueil des transmissions"
    ACCESSES = "accesses", "Qui a vu mon dossier"
    BLANK_FORM = "blank_form", "Questionnaire à remplir à la main"
    PRESENT_LIST = "present_list", "Liste des présents"


class FileFormat(models.TextChoices):
    """The file that an edition becomes."""

    PDF = "pdf", "PDF, à imprimer ou à conserver"
    DOCX = "docx", "Word (DOCX), à compléter"
    ODT = "odt", "LibreOffice (ODT), à compléter"


class PreparationState(models.TextChoices):
    """Where an edition made outside the request stands."""

    WAITING = "waiting", "En attente"
    WRITING = "writing", "En cours d’écriture"
    READY = "ready", "Prête"
    FILED = "filed", "Enregistrée dans le dossier"
    REFUSED = "refused", "Refusée"
