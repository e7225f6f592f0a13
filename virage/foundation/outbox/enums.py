"""The states of an outbox message."""

from django.db import models


class Priority(models.IntegerChoices):
    """Which message is treated first, of those that are due."""

    URGENT = 0, "Quelqu’un attend"
    NORMAL = 5, "Normale"


class MessageState(models.TextChoices):
    """Where a message stands."""

    PENDING = "pending", "En attente"
    DONE = "done", "Traité"
    DEAD = "dead", "Abandonné"
