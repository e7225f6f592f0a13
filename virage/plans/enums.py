"""States, weights and capacities of a plan; states follow the tables in `content/workflows`."""

from django.db import models


class PlanState(models.TextChoices):
    """State of a plan, by the table `workflows/plan`."""

    DRAFT = "draft", "En préparation"
    IN_FORCE = "in_force", "En vigueur"
    CLOSED = "closed", "Clos"
    GIVEN_UP = "given_up", "Abandonné"


class ObjectiveState(models.TextChoices):
    """State of an objective, by the table `workflows/objective`."""

    PURSUED = "pursued", "En cours"
    ACHIEVED = "achieved", "Atteint"
    PARTLY = "partly", "Atteint en partie"
    MISSED = "missed", "Non atteint"
    GIVEN_UP = "given_up", "Abandonné"


class ActionState(models.TextChoices):
    """State of an action, by the table `workflows/plan_action`: the columns of the board."""

    TODO = "todo", "À faire"
    DOING = "doing", "En cours"
    BLOCKED = "blocked", "Bloquée"
    DONE = "done", "Faite"
    MISSED = "missed", "Non réalisée"
    GIVEN_UP = "given_up", "Abandonnée"


# Where something is still to be done.
TO_DO = (ActionState.TODO, ActionState.DOING, ActionState.BLOCKED)
# Where someone says how far it has come.
UNDER_WAY = (ActionState.DOING, ActionState.BLOCKED)


class Priority(models.IntegerChoices):
    """How much an action matters, the most first."""

    FIRST = 1, "1 · d’abord"
    HIGH = 2, "2 · importante"
    NORMAL = 3, "3 · courante"
    LOW = 4, "4 · si possible"


class Effort(models.TextChoices):
    """How much work an action asks for."""

    SMALL = "small", "Petit"
    MEDIUM = "medium", "Moyen"
    LARGE = "large", "Grand"


class Due(models.TextChoices):
    """Where an action stands towards its date."""

    LATE = "late", "En retard"
    SOON = "soon", "Bientôt"
    LATER = "later", "Plus tard"


class Capacity(models.TextChoices):
    """As what someone signs a version."""

    PERSON = "person", "La personne elle-même"
    REPRESENTATIVE = "representative", "Son représentant légal"
    PROFESSIONAL = "professional", "Un professionnel"
    DIRECTION = "direction", "La direction"


class Agreement(models.TextChoices):
    """What a signature says."""

    AGREED = "agreed", "Accord"
    REFUSED = "refused", "Refus"
    NOT_COLLECTED = "not_collected", "Non recueilli"
