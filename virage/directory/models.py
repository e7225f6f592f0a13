"""Structures and people: who works where, as what, since when."""

from datetime import datetime
from textwrap import wrap
from typing import ClassVar

import msgspec
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from virage.directory.enums import EstablishmentKind, ImportKind, RowOutcome, UsagerWord
from virage.directory.rules import REACHES
from virage.foundation.access.enums import Reach
from virage.foundation.access.matrix import profession_label
from virage.foundation.access.models import RecordItem, Subject
from virage.foundation.coded_field import CodedField
from virage.foundation.content import nomenclature
from virage.foundation.encryption.fields import EncryptedField
from virage.foundation.ids import new_id
from virage.foundation.versions import Versioned
from virage.foundation.workflow.models import FollowsWorkflow


class Operator(Versioned):
    """An organisme gestionnaire: the body that runs establishments and services.

    `issuing_finess` stands in the business identifiers that it gives: the first FINESS that one of
    its establishments had. It names them and says nothing else: correcting a FINESS leaves it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField("raison sociale", max_length=200)
    siren = models.CharField("SIREN", max_length=9, blank=True)
    issuing_finess = models.CharField("FINESS des identifiants", max_length=9, blank=True)
    privacy_emails = models.CharField(
        "adresses de la protection des données", max_length=500, blank=True
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["siren"], name="operator_siren_once", condition=~Q(siren="")
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def privacy_addresses(self) -> list[str]:
        """Who is told of what touches the protection of data: the DPO, and others."""
        return [one.strip() for one in self.privacy_emails.split(",") if one.strip()]


class Establishment(Versioned):
    """An établissement or service médico-social (ESMS).

    `town` is what its address says (`rules.town_of`), written by the actions.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="establishments")
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="establishment")
    name = models.CharField("nom", max_length=200)
    kind = models.CharField("catégorie", max_length=4, choices=EstablishmentKind, blank=True)
    finess = models.CharField("FINESS", max_length=9, blank=True)
    siret = models.CharField("SIRET", max_length=14, blank=True)
    address = models.CharField("adresse", max_length=300, blank=True)
    town = models.CharField("commune", max_length=100, default="", editable=False)
    usager_word = models.CharField(
        "mot employé", max_length=10, choices=UsagerWord, default=UsagerWord.USAGER
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "finess"], name="finess_once", condition=~Q(finess="")
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def has_gmp(self) -> bool:
        """Whether the dependency of those it houses is followed by their GIR."""
        return self.kind in (EstablishmentKind.EHPAD, EstablishmentKind.AUTONOMY_RESIDENCE)


class Unit(Versioned):
    """A unité of an establishment: the place of daily work, and the reach of a care team."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    establishment = models.ForeignKey(Establishment, models.PROTECT, related_name="units")
    name = models.CharField("nom", max_length=100)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["establishment", "name"], name="unit_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class Room(Versioned):
    """A chambre of a unit."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="rooms")
    name = models.CharField("numéro ou nom", max_length=30)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="room_name_once")]

    def __str__(self) -> str:
        return self.name


class Professional(Versioned):
    """A professional, of the house or met in a file received; `rpps` may be empty.

    `search_text` is what the staff is searched by (`rules.searched`), written by the actions.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="professionals")
    family_name = models.CharField("nom", max_length=100)
    given_name = models.CharField("prénom", max_length=100, blank=True)
    civility = models.CharField("civilité", max_length=10, blank=True)
    rpps = models.CharField("RPPS ou numéro reçu", max_length=60, blank=True)
    profession_name = models.CharField("profession", max_length=100, blank=True)
    registration_number = models.CharField("matricule", max_length=30, blank=True)
    work_email = models.CharField("adresse professionnelle", max_length=254, blank=True)
    phone = models.CharField("téléphone", max_length=20, blank=True)
    search_text = models.CharField("mots cherchés", max_length=700, default="", editable=False)
    is_external = models.BooleanField("extérieur à l’organisme", default=False)
    received = models.JSONField("codes reçus", default=dict, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["operator", "rpps"],
                name="rpps_once",
                condition=~Q(rpps="") & Q(is_external=False),
            ),
            models.UniqueConstraint(
                fields=["operator", "registration_number"],
                name="registration_number_once",
                condition=~Q(registration_number=""),
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "rpps"]),
            # Lists and searches read it alone, in the order of names; `rules.searched` is bounded.
            models.Index(fields=["operator", "search_text", "id"], name="professional_in_order"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def phone_label(self) -> str:
        """The telephone as it is read aloud: two figures at a time."""
        return " ".join(wrap(self.phone, 2)) if self.phone.isdigit() else self.phone

    @property
    def civility_label(self) -> str:
        """The civility in words; a code outside the published list is shown as received."""
        return nomenclature.get("civility").label(self.civility)


class ReceivedStructure(models.Model):
    """A structure named by a received file, with its number and kind exactly as received."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="received_structures")
    number = models.CharField("identifiant national reçu", max_length=60, blank=True)
    name = models.CharField("nom", max_length=255, blank=True)
    kind = CodedField("catégorie")

    class Meta:
        indexes = [models.Index(fields=["operator", "number"])]

    def __str__(self) -> str:
        return self.name or self.number


class Account(AbstractBaseUser):
    """A sign-in account. It holds no right by itself: memberships do."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField("adresse électronique", unique=True)
    professional = models.OneToOneField(Professional, models.PROTECT, related_name="account")
    is_active = models.BooleanField("actif", default=True)
    date_joined = models.DateTimeField("créé le", default=timezone.now)
    pin = models.TextField("code de déverrouillage, haché puis chiffré", blank=True)
    closes_on = models.DateField("se ferme après le", null=True, blank=True)
    access_given_by = models.ForeignKey(
        "Membership",
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name="situation de qui a remis l’accès en dernier",
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.email


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Chainable filters on memberships."""

    def active(self, at: datetime) -> "MembershipQuerySet":
        """Keep those in force on the day of this instant (Europe/Paris)."""
        return self.not_ended(at).filter(starts_on__lte=timezone.localdate(at))

    def not_ended(self, at: datetime) -> "MembershipQuerySet":
        """Keep those in force or to come on the day of this instant (Europe/Paris)."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=timezone.localdate(at)))

    def ended(self, at: datetime) -> "MembershipQuerySet":
        """Keep those whose last day was before the day of this instant (Europe/Paris)."""
        return self.filter(ends_on__lt=timezone.localdate(at))


class Membership(models.Model):
    """A situation: a professional in an establishment, as a profession, between two dates.

    Without an establishment it covers the whole operator.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="memberships")
    professional = models.ForeignKey(Professional, models.PROTECT, related_name="memberships")
    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="memberships", null=True, blank=True
    )
    profession = models.CharField("profession du tableau des droits", max_length=30)
    reach = models.CharField("portée", max_length=15, choices=Reach, default=Reach.UNITS)
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True)
    units = models.ManyToManyField(Unit, related_name="memberships", blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="membership_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            )
        ]
        # Who works as what, and where: a search of the staff reads these alone.
        indexes = [
            models.Index(
                fields=["operator", "profession", "professional", "starts_on", "ends_on"],
                name="membership_by_profession",
            ),
            models.Index(
                fields=["establishment", "professional", "starts_on", "ends_on"],
                name="membership_by_place",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.professional_id} {self.profession}"

    @property
    def profession_label(self) -> str:
        """The French name of the profession in the matrix."""
        return profession_label(self.profession)

    @property
    def reach_label(self) -> str:
        """Whose record it opens, in words."""
        return REACHES[Reach(self.reach)]

    @property
    def structure(self) -> "Establishment | Operator":
        """Where: the establishment, or the whole operator; both are to be loaded beforehand."""
        return self.establishment or self.operator


class Departure(models.Model):
    """A départ that is noted, with what it takes to cancel it until its day is over.

    `former_ends` gives the last day, or None, that each situation had before, by id. `handed` says
    what went to whom: a list of label, count and name.
    """

    professional = models.OneToOneField(
        Professional, models.PROTECT, primary_key=True, related_name="departure"
    )
    last_day = models.DateField("dernier jour")
    former_ends = models.JSONField("fins d’avant", default=dict)
    handed = models.JSONField("travail remis", default=list)

    def __str__(self) -> str:
        return f"{self.professional_id} {self.last_day}"


class DirectoryImport(FollowsWorkflow):
    """A table of structures or of staff to write in the directory, whole or not at all.

    `headings` and `rows_json` are the table as read, which ends with the import; `mapping` gives
    the place of each field. The worker writes in the name of `membership_id`, who asked for it.
    """

    workflow_id = "directory_import"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="directory_imports")
    kind = models.CharField("contenu", max_length=10, choices=ImportKind)
    state = models.CharField("état", max_length=20, default="received")
    membership_id = models.UUIDField("situation")
    file_name = models.CharField("nom du fichier", max_length=255)
    headings = models.JSONField("titres des colonnes", default=list)
    rows_json = EncryptedField("lignes", blank=True, default="", purpose="directory_import.rows")
    heading_row = models.PositiveIntegerField("rang des titres", default=1)
    mapping = models.JSONField("colonnes choisies", default=dict)
    counts = models.JSONField("résultats", default=dict)
    created_at = models.DateTimeField("reçu le", default=timezone.now)
    ended_at = models.DateTimeField("terminé le", null=True)

    class Meta:
        indexes = [models.Index(fields=["operator", "created_at"])]

    def __str__(self) -> str:
        return f"Import {self.id}"

    @property
    def rows(self) -> list[list[str]]:
        """The cells of each row, as read; none once the import has ended."""
        return msgspec.json.decode(self.rows_json or "[]", type=list[list[str]])


class DirectoryImportLine(models.Model):
    """What becomes of one row: `told` says what is done, `errors` what is wrong, by column."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    of_import = models.ForeignKey(DirectoryImport, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField("ligne du fichier")
    outcome = models.CharField("résultat", max_length=10, choices=RowOutcome)
    label = models.CharField("objet", max_length=255)
    told = models.JSONField("changements", default=list)
    errors = models.JSONField("erreurs", default=list)

    class Meta:
        indexes = [models.Index(fields=["of_import", "outcome", "number"])]

    def __str__(self) -> str:
        return f"{self.number} {self.outcome}"


class AuthoredItem(RecordItem):
    """An item of a record with its establishment and its author as they were when it was written.

    What another software sent was written in `received_structure`; `establishment` received it.
    `received_identifier` and `received_system` are the business identifier under which it came: it
    goes out again verbatim.
    """

    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="+", verbose_name="établissement"
    )
    author = models.ForeignKey(
        Professional, models.PROTECT, related_name="+", null=True, verbose_name="auteur"
    )
    received_structure = models.ForeignKey(
        ReceivedStructure,
        models.PROTECT,
        related_name="+",
        null=True,
        verbose_name="structure où il a été écrit",
    )
    author_name = models.CharField("auteur", max_length=200)
    author_profession = models.CharField("profession de l’auteur", max_length=100)
    received_identifier = models.CharField("identifiant reçu", max_length=255, blank=True)
    received_system = models.CharField("système de l’identifiant", max_length=255, blank=True)

    class Meta:
        abstract = True
