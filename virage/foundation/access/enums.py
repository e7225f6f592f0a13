"""The closed vocabulary of the access matrix."""

from django.db import models


class Volet(models.TextChoices):
    """A part of the record that one profession may read and another not."""

    ADMINISTRATIVE = "administrative", "Administratif"
    MEDICAL = "medical", "Médical"
    CARE = "care", "Soins"
    SOCIO_EDUCATIVE = "socio_educative", "Socio-éducatif"
    PSYCHOLOGICAL = "psychological", "Psychologique"
    PROJECT = "project", "Projet personnalisé"
    MONEY = "money", "Budget et argent"


class Cell(models.TextChoices):
    """What a profession may do in a volet."""

    NONE = "none", "rien"
    IDENTITY = "identity", "l’identité"
    ALERTS = "alerts", "les alertes"
    OWN = "own", "ce que j’ai écrit"
    PUBLISHED = "published", "ce qui est partagé avec l’équipe"
    COUNT = "count", "les nombres"
    READ = "read", "lire"
    WRITE = "write", "écrire"
    VALIDATE = "validate", "valider"
    PRESCRIBE = "prescribe", "prescrire"


class Verb(models.TextChoices):
    """Rights on a whole record, granted by profession and not by volet."""

    IMPORT = "import", "importer un dossier"
    EXPORT = "export", "exporter un dossier"
    MERGE = "merge", "fusionner deux identités"


class Reach(models.TextChoices):
    """How far a membership reaches the persons accompanied."""

    UNITS = "units", "les unités où je suis affecté"
    ESTABLISHMENT = "establishment", "tout l’établissement"
    OPERATOR = "operator", "tout l’organisme gestionnaire"
    NOBODY = "nobody", "aucune personne"


class SubjectKind(models.TextChoices):
    """What a form, a plan or an event can be about."""

    PERSON = "person", "Personne accompagnée"
    ESTABLISHMENT = "establishment", "Établissement"


class Review(models.TextChoices):
    """What the direction says of a bris de glace afterwards."""

    ACCEPTED = "accepted", "Accepté"
    TO_EXPLAIN = "to_explain", "À expliquer"
