"""The data keys, wrapped: what is stolen with the database opens nothing."""

from uuid import UUID

from django.db import models
from django.utils import timezone

from virage.foundation.ids import new_id

# Stands for the site itself, whose secrets are no operator's.
SITE = UUID(int=0)


class DataKey(models.Model):
    """A key of one operator, wrapped by the master key; the last version encrypts, all decrypt.

    A retired one encrypts nothing any longer; it is kept, for backups made before.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire", default=SITE)
    version = models.PositiveSmallIntegerField("version", default=1)
    wrapped = models.BinaryField("clé enveloppée")
    # Which master key wraps it: its print, never the key.
    master = models.CharField("clé maîtresse", max_length=16)
    created_at = models.DateTimeField("créée le", default=timezone.now)
    retired_at = models.DateTimeField("retirée le", null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                name="one_data_key_per_version", fields=["operator_id", "version"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.operator_id} v{self.version}"
