"""The journal: one event per gesture, one line per subject it touched. Rows are only added."""

from django.db import models
from django.db.models import Q

from virage.foundation.ids import new_id


class JournalSeal(models.Model):
    """A block of the journal: the events that hold its number, signed, and tied to the one before.

    See `rules.Block` for what is signed.
    """

    number = models.PositiveBigIntegerField("numéro", primary_key=True)
    after = models.PositiveBigIntegerField("dernier bloc tenu alors")
    sealed_at = models.DateTimeField("scellé le")
    event_count = models.PositiveIntegerField("évènements")
    line_count = models.PositiveIntegerField("lignes")
    rows_sha256 = models.CharField("empreinte", max_length=64)
    previous = models.CharField("tête précédente", max_length=64)
    head = models.CharField("tête", max_length=64)
    signature = models.CharField("signature", max_length=128)
    reason = models.CharField("motif de reprise", max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.number} {self.head[:12]}"


class JournalEvent(models.Model):
    """Who did what, as what, where, when and why."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField("date", db_index=True)
    operator_id = models.UUIDField("organisme gestionnaire", null=True)
    establishment_id = models.UUIDField("établissement", null=True)
    account_id = models.UUIDField("compte", null=True)
    membership_id = models.UUIDField("situation", null=True)
    professional_id = models.UUIDField("professionnel", null=True)
    actor_name = models.CharField("nom", max_length=200)
    profession = models.CharField("profession", max_length=30)
    action = models.CharField("action", max_length=60)
    is_write = models.BooleanField("écriture")
    purpose = models.CharField("motif", max_length=200, blank=True)
    target_kind = models.CharField("nature de l’objet", max_length=60, blank=True)
    target_id = models.UUIDField("objet", null=True)
    detail = models.JSONField("détail", default=dict)
    seal = models.ForeignKey(JournalSeal, models.PROTECT, null=True, related_name="events")

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(seal=None), name="journal_unsealed"),
            # Who went first on one thing, asked when two people change it at once.
            models.Index(fields=["target_id"], condition=Q(is_write=True), name="journal_written"),
            # What someone did, latest first, in a journal of years.
            models.Index(fields=["professional_id", "at"], name="journal_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"


class JournalLine(models.Model):
    """One subject touched by an event, and the volets seen or written."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    event = models.ForeignKey(JournalEvent, models.PROTECT, related_name="lines")
    subject_id = models.UUIDField("sujet")
    volets = models.CharField("volets", max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_id", "event"])]

    def __str__(self) -> str:
        return f"{self.event_id} {self.subject_id}"
