"""Files of a record, by reference to the content-addressed store."""

from django.db import models

from virage.directory.models import AuthoredItem, Professional, ReceivedStructure
from virage.documents.enums import Confidentiality
from virage.foundation.access.models import Subject
from virage.foundation.coded_field import CodedField
from virage.foundation.ids import new_id
from virage.foundation.storage.fields import FileAddress


class StoredFile(models.Model):
    """A file of the store, and what the antivirus said of it, with which signatures.

    None said anything yet without a date; `scan_tries` counts the times it could not judge.
    """

    digest = FileAddress("empreinte")
    size_bytes = models.PositiveIntegerField("taille")
    content_type = models.CharField("type de fichier", max_length=100)
    scanned_at = models.DateTimeField("analysé le", null=True)
    threat = models.CharField("menace trouvée", max_length=200, blank=True)
    signatures = models.CharField("signatures de l’antivirus", max_length=100, blank=True)
    scan_tries = models.PositiveSmallIntegerField("analyses sans réponse", default=0)
    scan_tried_at = models.DateTimeField("dernière analyse sans réponse", null=True)

    class Meta:
        abstract = True


class Document(AuthoredItem, StoredFile):
    """A file about a subject: always downloaded, never shown inline.

    It is the version in force; one cancelled was filed in the wrong record, and is kept apart.

    `evaluation_id` is that of an evaluation, or of the sheet that becomes it.
    `received_confidentiality` is what a file said of it, when our level does not say it all.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="documents")
    title = models.CharField("titre", max_length=255)
    language = models.CharField("langue", max_length=10, blank=True)
    type = CodedField("nature")
    category = CodedField("catégorie")
    confidentiality = models.CharField(
        "confidentialité", max_length=1, choices=Confidentiality, default=Confidentiality.NORMAL
    )
    received_confidentiality = CodedField("confidentialité reçue")
    status = models.CharField("état reçu", max_length=20, blank=True)
    author_structure = models.ForeignKey(
        ReceivedStructure,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name="structure qui l’a établi",
    )
    event_id = models.UUIDField("évènement", null=True)
    evaluation_id = models.UUIDField("évaluation", null=True)
    valid_until = models.DateField("valable jusqu’au", null=True)
    plan_action_id = models.UUIDField("action d’un plan", null=True)
    version = models.PositiveIntegerField("version", default=1)
    cancelled_at = models.DateTimeField("retiré le", null=True)
    cancelled_by = models.ForeignKey(
        Professional, models.PROTECT, related_name="+", null=True, verbose_name="retiré par"
    )
    cancelled_reason = models.CharField("motif du retrait", max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "-happened_at"])]

    def __str__(self) -> str:
        return self.title


class DocumentVersion(StoredFile):
    """A former file of a document, with who replaced it, when and why.

    The document itself keeps its first author and its first time of entry.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire", db_index=True)
    document = models.ForeignKey(Document, models.PROTECT, related_name="former_versions")
    version = models.PositiveIntegerField("version")
    happened_at = models.DateTimeField("date du document")
    replaced_by_name = models.CharField("remplacé par", max_length=200)
    replaced_by_profession = models.CharField("sa profession", max_length=100)
    replaced_at = models.DateTimeField("remplacé le")
    reason = models.CharField("motif du remplacement", max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="document_version_once")
        ]

    def __str__(self) -> str:
        return f"{self.document_id} v{self.version}"
