"""Files of a record, by reference to the content-addressed store."""

from django.db import models

from virage.directory.models import AuthoredItem, ReceivedStructure
from virage.documents.enums import Confidentiality
from virage.foundation.access.models import Subject
from virage.foundation.coded_field import CodedField
from virage.foundation.storage.fields import FileAddress


class Document(AuthoredItem):
    """A file about a subject: always downloaded, never shown inline.

    `received_confidentiality` is what a file said of it, when our level does not say it all.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="documents")
    title = models.CharField("titre", max_length=255)
    digest = FileAddress("empreinte")
    size_bytes = models.PositiveIntegerField("taille")
    content_type = models.CharField("type de fichier", max_length=100)
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
    # What the antivirus said, with which signatures; none said yet without a date.
    scanned_at = models.DateTimeField("analysé le", null=True)
    threat = models.CharField("menace trouvée", max_length=200, blank=True)
    signatures = models.CharField("signatures de l’antivirus", max_length=100, blank=True)
    event_id = models.UUIDField("évènement", null=True)
    evaluation_id = models.UUIDField("évaluation", null=True)

    class Meta:
        indexes = [models.Index(fields=["subject", "-happened_at"])]

    def __str__(self) -> str:
        return self.title
