"""What the teams write in the record: transmissions and their former texts."""

from django.db import models

from virage.directory.models import AuthoredItem, Professional
from virage.foundation.access.models import Subject
from virage.foundation.ids import new_id
from virage.foundation.versions import Versioned
from virage.persons.models import Stay
from virage.record.enums import NoteStatus


class Note(AuthoredItem, Versioned):
    """A free transmission: `happened_at` is the time of the fact, `recorded_at` of the entry.

    It is never deleted. A correction keeps the former text in a `NoteVersion`; a note written in
    the wrong record is withdrawn, with a reason, and leaves its trace. Put back, it has one more
    version of the same text, which says that it had been withdrawn.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="notes")
    stay = models.ForeignKey(Stay, models.PROTECT, related_name="notes", null=True)
    text = models.TextField("transmission")
    status = models.CharField(max_length=10, choices=NoteStatus, default=NoteStatus.VALID)
    withdrawn_at = models.DateTimeField("retirée le", null=True)
    withdrawn_by = models.ForeignKey(Professional, models.PROTECT, related_name="+", null=True)
    withdrawn_reason = models.CharField("motif du retrait", max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject", "-happened_at"]),
            models.Index(fields=["operator_id", "-recorded_at"]),
        ]

    def __str__(self) -> str:
        return f"Transmission {self.id}"


class NoteVersion(models.Model):
    """A former text of a transmission, with who replaced it, when and why.

    The note itself keeps its first author and its first time of entry.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    note = models.ForeignKey(Note, models.PROTECT, related_name="former_versions")
    version = models.PositiveIntegerField("version")
    text = models.TextField("texte")
    author_name = models.CharField("auteur de la correction", max_length=200)
    author_profession = models.CharField("sa profession", max_length=100)
    recorded_at = models.DateTimeField("date de la correction")
    reason = models.CharField("motif de la correction", max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["note", "version"], name="note_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.note_id} v{self.version}"
