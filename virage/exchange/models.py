"""Files received from other software: the original, its report, and what we could not place."""

from django.db import models
from django.utils import timezone

from virage.directory.models import AuthoredItem, Establishment, Operator, Unit
from virage.exchange.enums import ImportState, LineLevel
from virage.foundation.access.models import Subject
from virage.foundation.encryption.fields import EncryptedField
from virage.foundation.ids import new_id
from virage.foundation.storage.fields import FileAddress
from virage.foundation.workflow.models import FollowsWorkflow
from virage.persons.models import Person

FORMATS = {"tddui-fhir": "Lot FHIR", "tddui-cda": "Document CDA"}


class Import(FollowsWorkflow):
    """A file received: its bytes (by digest), who brought it, and where it stands.

    `document_address` is where the store would keep the document that was read in it: the file
    itself, or the one in its envelope.

    The worker acts in the name of the situation that brought it (`membership_id`). While the
    state is `held`, `candidates` are the persons it may be about, `held_identity` is the one
    received and `held_reason` says why a human must decide; once settled, `settled_person_id`
    names one of them, or nobody: it is then matched again without them, and held again when
    someone else has appeared meanwhile.
    """

    workflow_id = "import"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="imports")
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    membership_id = models.UUIDField("situation")
    file_name = models.CharField("nom du fichier", max_length=255)
    digest = FileAddress("empreinte")
    size_bytes = models.PositiveIntegerField("taille")
    document_address = models.CharField(
        "empreinte du document lu", max_length=64, blank=True, default=""
    )
    source_format = models.CharField("format", max_length=30, blank=True)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.RECEIVED)
    subject = models.ForeignKey(Subject, models.PROTECT, null=True, related_name="imports")
    candidates = models.ManyToManyField(
        Person, related_name="+", verbose_name="rapprochements possibles"
    )
    held_identity = EncryptedField(
        "identité reçue, à comparer (JSON)", blank=True, default="", purpose="import.held_identity"
    )
    held_reason = models.CharField("raison de l’attente", max_length=200, blank=True)
    settled_person_id = models.UUIDField("personne désignée", null=True)
    received_at = models.DateTimeField("reçu le", default=timezone.now)
    ended_at = models.DateTimeField("terminé le", null=True)

    class Meta:
        indexes = [
            models.Index(fields=["operator", "digest"]),
            models.Index(fields=["operator", "document_address"]),
        ]

    def __str__(self) -> str:
        return f"Import {self.id}"

    @property
    def format_label(self) -> str:
        """What was read, in words, with the version of the guide; empty when nothing was."""
        name, _, version = self.source_format.partition(" ")
        guide = f"{FORMATS[name]}, guide TDDUI" if name in FORMATS else name
        return f"{guide} (version {version})" if version else guide


class ImportLine(models.Model):
    """One line of an import report: a fault met (`code`), or what became of an entry (`label`)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    of_import = models.ForeignKey(Import, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField("rang")
    level = models.CharField(max_length=10, choices=LineLevel)
    code = models.CharField("anomalie", max_length=60, blank=True)
    label = models.CharField("élément", max_length=255, blank=True)
    path = models.CharField("endroit du fichier", max_length=500, blank=True)
    value = EncryptedField(
        "valeur reçue",
        max_length=500,
        blank=True,
        purpose="import_line.value",
        owner="of_import__operator_id",
    )

    def __str__(self) -> str:
        return f"{self.level} {self.code or self.label}"


class ReceivedItem(AuthoredItem):
    """Something received that has no field of ours yet: « reçu, non repris ».

    `content` is the JSON or XML exactly as received; `owner_key` the object it was read beside, and
    `owner_id` ours, when it is one that may be closed to someone: what stands beside is then too.
    """

    subject = models.ForeignKey(Subject, models.PROTECT, related_name="received_items")
    of_import = models.ForeignKey(Import, models.PROTECT, related_name="items")
    kind = models.CharField("nature", max_length=20)
    title = models.CharField("titre", max_length=255)
    profile = models.CharField("profil", max_length=255, blank=True)
    path = models.CharField("endroit du fichier", max_length=500, blank=True)
    key = models.CharField("clé dans le fichier", max_length=500)
    owner_key = models.CharField("clé de l’objet", max_length=500, blank=True)
    owner_id = models.UUIDField("objet", null=True)
    content = EncryptedField("contenu", purpose="received_item.content")

    class Meta:
        indexes = [models.Index(fields=["subject", "key"])]

    def __str__(self) -> str:
        return self.title
