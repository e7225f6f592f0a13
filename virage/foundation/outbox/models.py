"""The outbox: what must be done outside the request, written in the data's own transaction."""

from django.db import models
from django.utils import timezone

from virage.foundation.ids import new_id
from virage.foundation.outbox.enums import MessageState, Priority


class Message(models.Model):
    """One thing to do, once, named by its key; tried again until done or given up."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire", null=True)
    topic = models.CharField("sujet", max_length=60)
    key = models.CharField("clé", max_length=120, unique=True)
    payload = models.JSONField("contenu", default=dict)
    priority = models.PositiveSmallIntegerField(
        "priorité", choices=Priority, default=Priority.NORMAL
    )
    state = models.CharField(
        "état", max_length=10, choices=MessageState, default=MessageState.PENDING
    )
    attempts = models.PositiveSmallIntegerField("essais", default=0)
    next_at = models.DateTimeField("prochain essai", default=timezone.now)
    last_error = models.TextField("dernière erreur", blank=True)
    progress_label = models.CharField("étape en cours", max_length=120, blank=True)
    progress_done = models.PositiveIntegerField("fait", default=0)
    progress_total = models.PositiveIntegerField("à faire", default=0)
    created_at = models.DateTimeField("créé le", default=timezone.now)
    done_at = models.DateTimeField("traité le", null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "priority", "next_at"])]

    def __str__(self) -> str:
        return f"{self.topic} {self.key}"

    @property
    def is_given_up(self) -> bool:
        """Whether nothing tries it any longer."""
        return self.state == MessageState.DEAD
