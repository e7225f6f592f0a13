"""Choices of the persons room, with their published codes where a list publishes them."""

from django.db import models

from virage.foundation.national_numbers import INS_DEMO, INS_NIA, INS_NIR, INS_TEST


class Sex(models.TextChoices):
    """Sex as the INS carries it (RNIV: M, F, I), stored with FHIR's codes."""

    FEMALE = "female", "Féminin"
    MALE = "male", "Masculin"
    UNKNOWN = "unknown", "Indéterminé"


class InsStatus(models.TextChoices):
    """The four statuses of a national health identity (RNIV)."""

    PROVISIONAL = "provisoire", "Provisoire"
    RETRIEVED = "recuperee", "Récupérée"
    VALIDATED = "validee", "Validée"
    QUALIFIED = "qualifiee", "Qualifiée"


class InsOid(models.TextChoices):
    """Assigning authorities of the INS (CI-SIS)."""

    NIR = INS_NIR, "INS-NIR"
    NIA = INS_NIA, "INS-NIA"
    TEST = INS_TEST, "INS de test"
    DEMO = INS_DEMO, "INS de démonstration"


PRODUCTION_OIDS = (InsOid.NIR, InsOid.NIA)


class IdentifierKind(models.TextChoices):
    """Other numbers under which a person is known."""

    LOCAL = "PI", "Numéro de dossier local"
    MDPH = "PIN", "Numéro MDPH"
    DRIVING_LICENCE = "DL", "Permis de conduire"
    SOCIAL_SECURITY = "NH", "Numéro de sécurité sociale (remboursement)"
    INS = "INS", "Autre matricule INS"
    OTHER = "", "Autre"


class ReceptionMode(models.TextChoices):
    """Modalité d'accueil of a stay (dui.md §2.2)."""

    BOARDING = "internat", "Internat"
    HALF_BOARDING = "semi_internat", "Semi-internat"
    TEMPORARY = "temporaire", "Accueil temporaire"
    DAY = "jour", "Accueil de jour"
    SEQUENTIAL = "sequentiel", "Accueil séquentiel"
    HOME = "domicile", "À domicile ou en milieu ordinaire"
    PERMANENT = "permanent", "Hébergement permanent"
    UNKNOWN = "", "Non précisée"


class StayStatus(models.TextChoices):
    """State of a stay, with FHIR's Encounter codes, which TDDUI uses."""

    PLANNED = "planned", "Prévu"
    IN_PROGRESS = "in-progress", "En cours"
    ON_LEAVE = "onleave", "Suspendu"
    FINISHED = "finished", "Terminé"
    CANCELLED = "cancelled", "Annulé"
    UNKNOWN = "unknown", "Non précisé"


class ProtectionKind(models.TextChoices):
    """Legal protection measures (Code civil, art. 425 et seq.; CASF L271-1)."""

    SAFEGUARD = "sauvegarde", "Sauvegarde de justice"
    CURATORSHIP = "curatelle", "Curatelle simple"
    REINFORCED_CURATORSHIP = "curatelle_renforcee", "Curatelle renforcée"
    GUARDIANSHIP = "tutelle", "Tutelle"
    FAMILY_HABILITATION = "habilitation_familiale", "Habilitation familiale"
    FUTURE_MANDATE = "mandat_protection_future", "Mandat de protection future"
    SOCIAL_SUPPORT = "mesure_accompagnement", "Mesure d’accompagnement judiciaire"
    OTHER = "", "Autre mesure"


class CoverageKind(models.TextChoices):
    """Health covers."""

    COMPULSORY = "AMO", "Assurance maladie obligatoire"
    COMPLEMENTARY = "AMC", "Complémentaire santé"
    OTHER = "", "Autre couverture"


# The message that tells of a bris de glace.
BRIS_DE_GLACE_TOLD = "bris_de_glace.told"

# The message that comes back every night.
CONTRACTS_END = "contracts.end"
