"""The Subject, what closes and opens it, and what every item of a record has in common."""

from datetime import datetime

from django.db import models
from django.utils import timezone

from virage.foundation.access.enums import Review, SubjectKind, Volet
from virage.foundation.content import nomenclature
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

    class Meta:
        indexes = [
            models.Index(
                name="subject_shared",
                fields=["operator_id"],
                condition=models.Q(is_shared_between_establishments=True),
            )
        ]

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


class MatrixVersion(models.Model):
    """The rights of one operator, profession × volet and verb; the file is version 0 of all.

    A draft has no number; one put in force gets it, never changes again, and stays in the history.
    `cells` is what each profession holds in each volet, written as in the file. The one in force
    is the last activated: going back to an earlier one activates a copy of it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire")
    number = models.PositiveIntegerField("numéro", null=True)
    cells = models.JSONField("droits")
    copied_from = models.PositiveIntegerField("reprise de la version", null=True)
    reason = models.TextField("motif", blank=True)
    drafted_at = models.DateTimeField("rédigée le")
    drafted_by = models.CharField("rédigée par", max_length=200)
    activated_at = models.DateTimeField("mise en vigueur le", null=True)
    activated_by = models.CharField("mise en vigueur par", max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["operator_id", "number"], name="matrix_version_number"),
            models.UniqueConstraint(
                fields=["operator_id"],
                condition=models.Q(number=None),
                name="one_matrix_draft",
            ),
            models.CheckConstraint(
                name="matrix_activation_is_signed",
                condition=models.Q(number=None)
                | (models.Q(activated_at__isnull=False) & ~models.Q(reason="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Droits, version {self.number or 'en projet'}"

    @property
    def version(self) -> int:
        """What tells that a draft was written again: when, in microseconds."""
        return int(self.drafted_at.timestamp() * 1_000_000)


class BrisDeGlaceQuerySet(models.QuerySet["BrisDeGlace"]):
    """Chainable filters on openings."""

    def in_force(self, at: datetime) -> "BrisDeGlaceQuerySet":
        """Keep those that open something at this instant.

        A record marked sensitive meanwhile needs a second person from then on.
        """
        with_enough = models.Q(subject__is_sensitive=False) | models.Q(approved_by__isnull=False)
        return self.opened().filter(with_enough, ends_at__gt=at)

    def opened(self) -> "BrisDeGlaceQuerySet":
        """Keep those that opened something, over or not."""
        return self.filter(opened_at__isnull=False)

    def waiting(self, at: datetime) -> "BrisDeGlaceQuerySet":
        """Keep those that still wait for a second person."""
        return self.filter(opened_at=None, ends_at__gt=at)


class BrisDeGlace(models.Model):
    """A record opened in an emergency by a health professional out of its team.

    Asked, opened at once unless the record is sensitive: a second person then approves it before
    `ends_at`. It ends by itself at `ends_at`; the direction reviews it afterwards.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="openings")
    membership_id = models.UUIDField("situation")
    professional_id = models.UUIDField("professionnel")
    professional_name = models.CharField("nom", max_length=200)
    profession = models.CharField("profession", max_length=30)
    motive = models.CharField("motif", max_length=30)
    reason = models.TextField("précisions")
    asked_at = models.DateTimeField("demandé le")
    opened_at = models.DateTimeField("ouvert le", null=True)
    medical_at = models.DateTimeField("volet médical ouvert le", null=True)
    ends_at = models.DateTimeField("fin")
    approved_by = models.UUIDField("approuvé par", null=True)
    approver_name = models.CharField("deuxième personne", max_length=200, blank=True)
    review = models.CharField("revue", max_length=20, choices=Review, blank=True)
    review_word = models.TextField("mot de la revue", blank=True)
    reviewer_name = models.CharField("revu par", max_length=200, blank=True)
    reviewed_at = models.DateTimeField("revu le", null=True)

    objects = BrisDeGlaceQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["membership_id", "ends_at"]),
            models.Index(fields=["subject", "ends_at"]),
            models.Index(fields=["operator_id", "-opened_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="medical_after_sheet",
                condition=models.Q(medical_at=None) | models.Q(opened_at__isnull=False),
            ),
            models.CheckConstraint(
                name="review_is_signed",
                condition=models.Q(review="")
                | (models.Q(reviewed_at__isnull=False) & ~models.Q(reviewer_name="")),
            ),
        ]

    def __str__(self) -> str:
        return f"Bris de glace {self.id}"

    @property
    def motive_label(self) -> str:
        """The coded motive in words."""
        label = nomenclature.get("bris_de_glace_motive").label(self.motive)
        return nomenclature.typeset(label)

    @property
    def purpose(self) -> str:
        """What the journal says of each thing read under it."""
        return f"Bris de glace : {self.motive_label}"


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
