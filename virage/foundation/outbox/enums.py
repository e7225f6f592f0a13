"""The states of an outbox message."""

from django.db import models


class MessageState(models.TextChoices):
    """Where a message stands."""

    PENDING = "pending", "En attente"
    DONE = "done", "Traité"
    DEAD = "dead", "Abandonné"
