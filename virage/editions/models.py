"""Long editions, made outside the request."""

from django.db import models
from django.utils import timezone

from virage.directory.models import Membership, Operator, Unit
from virage.editions.enums import FileFormat, Kind, PreparationState
from virage.foundation.access.enums import Volet
from virage.foundation.ids import new_id
from virage.foundation.storage.fields import FileAddress
from virage.persons.models import Person


class Preparation(models.Model):
    """An edition too long to be waited for: what was asked, where it stands, and its file.

    Only the membership that asked for it fetches it, and its file goes after `KEPT`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="+")
    membership = models.ForeignKey(Membership, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    kind = models.CharField("document", max_length=20, choices=Kind)
    file_format = models.CharField("fichier", max_length=4, choices=FileFormat)
    volet = models.CharField("volet", max_length=20, choices=Volet, blank=True)
    since = models.DateField("du", null=True)
    until = models.DateField("au", null=True)
    is_filed = models.BooleanField("à enregistrer dans le dossier", default=False)
    state = models.CharField(
        "état", max_length=10, choices=PreparationState, default=PreparationState.WAITING
    )
    line_count = models.PositiveIntegerField("lignes")
    why_refused = models.CharField("motif du refus", max_length=500, blank=True)
    file_address = FileAddress("fichier", blank=True)
    asked_at = models.DateTimeField("demandée le", default=timezone.now)
    ended_at = models.DateTimeField("terminée le", null=True)

    class Meta:
        indexes = [models.Index(fields=["membership", "-asked_at"])]

    def __str__(self) -> str:
        return self.get_kind_display()
