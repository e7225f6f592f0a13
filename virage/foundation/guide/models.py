"""How far each account is in a visit."""

from django.db import models
from django.utils import timezone

from virage.foundation.ids import new_id


class VisitProgress(models.Model):
    """The step, from 0, at which someone is in the visit of a trade; the number of steps: done.

    Put away, the home page invites to it no more.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account_id = models.UUIDField("compte")
    visit = models.CharField("visite", max_length=40)
    step = models.PositiveSmallIntegerField("étape", default=0)
    is_put_away = models.BooleanField("invitation rangée", default=False)
    changed_at = models.DateTimeField("changé le", default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "visit"], name="guide_one_per_visit")
        ]

    def __str__(self) -> str:
        return f"{self.visit}, étape {self.step}"
