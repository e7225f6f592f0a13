"""Kinds of structures, and of what is imported of them."""

from django.db import models


class EstablishmentKind(models.TextChoices):
    """Categories of establishments and services, coded as in FINESS (nomenclature R66)."""

    EHPAD = "500", "EHPAD"
    AUTONOMY_RESIDENCE = "202", "Résidence autonomie"
    IME = "183", "IME"
    SESSAD = "182", "SESSAD"
    ITEP = "186", "ITEP"
    CAMSP = "190", "CAMSP"
    MAS = "255", "MAS"
    FAM = "437", "FAM ou EAM"
    LIVING_HOME = "252", "Foyer d’hébergement"
    SAVS = "446", "SAVS"
    SAMSAH = "445", "SAMSAH"
    ESAT = "246", "ESAT"
    SSIAD = "354", "SSIAD"
    SPASAD = "209", "SPASAD"
    HOME_HELP = "460", "Service d’aide à domicile"
    OTHER = "", "Autre établissement ou service"


class UsagerWord(models.TextChoices):
    """How the structure calls the persons it accompanies."""

    USAGER = "usager", "usager"
    RESIDENT = "resident", "résident"
    CHILD = "enfant", "enfant ou jeune"

    @property
    def plural(self) -> str:
        """The title of their list."""
        return {"resident": "Résidents", "enfant": "Enfants et jeunes"}.get(self.value, "Usagers")


class ImportKind(models.TextChoices):
    """What a table of the directory holds."""

    STRUCTURES = "structures", "Établissements, unités et chambres"
    STAFF = "staff", "Professionnels et situations"


class RowOutcome(models.TextChoices):
    """What becomes of a row of such a table."""

    ERROR = "error", "En erreur"
    CREATED = "created", "Créé"
    CHANGED = "changed", "Modifié"
    UNCHANGED = "unchanged", "Inchangé"


class Effect(models.TextChoices):
    """What becomes of what a profession reads in a volet when its rights change."""

    REFUSED = "refused", "Refusées"
    NARROWED = "narrowed", "Réduites"
    CHANGED = "changed", "Changées"
    WIDENED = "widened", "Élargies"
    OPENED = "opened", "Nouvelles"

    @property
    def tells(self) -> str:
        """What the reads counted are, for whoever compares them."""
        return {
            "refused": "lectures qui n’auraient pas eu lieu",
            "narrowed": "lectures qui auraient pu montrer moins",
            "changed": "lectures qui auraient pu montrer autre chose",
            "widened": "lectures qui auraient pu montrer plus",
            "opened": "pages du dossier où ce volet se serait ajouté",
        }[self.value]
