"""The Subject, the restrictions on it, and what every item of a record has in common."""

from django.db import models
from django.utils import timezone

from virage.foundation.access.enums import SubjectKind, Volet
from virage.foundation.ids import new_id


class Subject(models.Model):
    """The thing a form, a plan, an event or a document is about (FHIR's word)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire", db_index=True)
    kind = models.CharField("nature", max_length=20, choices=SubjectKind)
    is_sensitive = models.BooleanField(
        "dossier sensible",
        default=False,
        help_text="Hors de l’équipe, ce dossier n’existe pas (404).",
    )
    is_shared_between_establishments = models.BooleanField(
        "dossier partagé entre établissements",
        default=False,
        help_text="Sinon chaque établissement ne lit que ce qu’il a écrit.",
    )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.id}"


class Restriction(models.Model):
    """An objection of the person, or a restriction on one item.

    It closes the whole record, or the item named, to one professional or to one profession
    (CSP L1110-4: the person may object to sharing inside the care team).
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="restrictions")
    item_id = models.UUIDField("élément", null=True, blank=True)
    professional_id = models.UUIDField("professionnel", null=True, blank=True)
    profession = models.CharField("profession", max_length=30, blank=True)
    reason = models.TextField("motif")
    raised_at = models.DateTimeField("posée le", default=timezone.now)
    ended_at = models.DateTimeField("levée le", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="restriction_names_someone",
                condition=models.Q(professional_id__isnull=False) | ~models.Q(profession=""),
            )
        ]
        indexes = [models.Index(fields=["subject", "item_id"])]

    def __str__(self) -> str:
        return f"Restriction {self.id}"


class RecordItem(models.Model):
    """What the access rule needs to know of any item of a record."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire", db_index=True)
    volet = models.CharField("volet", max_length=20, choices=Volet)
    happened_at = models.DateTimeField("date du fait")
    recorded_at = models.DateTimeField("date de saisie", default=timezone.now)
    is_published = models.BooleanField("partagé avec l’équipe et la personne", default=False)

    class Meta:
        abstract = True
