"""The usager: identity, what surrounds it, and the stays that open the record to a team."""

from datetime import date, datetime

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, StrIndex, Substr, Upper
from django.utils import timezone

from virage.directory.models import (
    Establishment,
    Operator,
    Professional,
    ReceivedStructure,
    Room,
    Unit,
)
from virage.foundation.access.models import Subject
from virage.foundation.calendar import in_paris
from virage.foundation.coded import Coded
from virage.foundation.coded_field import CodedField
from virage.foundation.content import nomenclature
from virage.foundation.ids import new_id
from virage.foundation.versions import Versioned
from virage.persons.enums import (
    CoverageKind,
    IdentifierKind,
    InsOid,
    InsStatus,
    ProtectionKind,
    ReceptionMode,
    Sex,
    StayStatus,
)
from virage.persons.rules.names import readable_name
from virage.persons.rules.stays import PREPARATION, origin_label
from virage.persons.rules.surroundings import EMERGENCY, abroad, dialled


class Person(Versioned):
    """A person accompanied (usager), once per operator.

    Birth name, first birth given name, birth date, sex and birth place are the five strict traits
    of the INS. The status is ours: what a file claims is kept apart in `claimed_status`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="persons")
    subject = models.OneToOneField(Subject, models.PROTECT, related_name="person")
    birth_family_name = models.CharField("nom de naissance", max_length=100)
    birth_given_names = models.CharField("prénoms de naissance", max_length=200, blank=True)
    first_birth_given_name = models.CharField("premier prénom de naissance", max_length=100)
    used_family_name = models.CharField("nom utilisé", max_length=100, blank=True)
    used_given_name = models.CharField("prénom utilisé", max_length=100, blank=True)
    sex = models.CharField("sexe", max_length=7, choices=Sex, default=Sex.UNKNOWN)
    birth_on = models.DateField("date de naissance", null=True, blank=True)
    birth_order = models.PositiveSmallIntegerField(
        "ordre de naissance à l’état civil", null=True, blank=True
    )
    birth_place_code = models.CharField("code du lieu de naissance", max_length=5, blank=True)
    birth_place_name = models.CharField("lieu de naissance", max_length=100, blank=True)
    birth_place_state = models.CharField("département de naissance", max_length=100, blank=True)
    birth_country = models.CharField("pays de naissance", max_length=60, blank=True)
    ins_value = models.CharField("matricule INS", max_length=15, blank=True, db_index=True)
    ins_oid = models.CharField("OID de l’INS", max_length=30, choices=InsOid, blank=True)
    ins_status = models.CharField(
        "statut de l’identité", max_length=12, choices=InsStatus, default=InsStatus.PROVISIONAL
    )
    claimed_status = models.CharField("statut reçu", max_length=20, blank=True)
    is_doubtful = models.BooleanField("identité douteuse", default=False)
    is_fictitious = models.BooleanField("identité fictive", default=False)
    is_homonym = models.BooleanField("homonyme connu", default=False)
    household_situation = CodedField("situation du foyer")
    photo_digest = models.CharField("photo", max_length=64, blank=True)
    photo_consent_on = models.DateField("accord pour la photo", null=True, blank=True)
    died_at = models.DateTimeField("décès", null=True, blank=True)
    search_text = models.CharField("colonne de recherche", max_length=600)
    name_sound = models.CharField("nom tel qu’il s’entend", max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="uncertain_identity_never_qualified",
                condition=~Q(ins_status="qualifiee") | Q(is_doubtful=False, is_fictitious=False),
            ),
            models.CheckConstraint(
                name="photo_needs_consent",
                condition=Q(photo_digest="") | Q(photo_consent_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["operator", "birth_family_name", "first_birth_given_name"]),
            models.Index(fields=["operator", "birth_on"]),
            models.Index(fields=["operator", "name_sound"]),
            models.Index(fields=["operator", "search_text"]),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def shown_family_name(self) -> str:
        return readable_name(self.used_family_name or self.birth_family_name)

    @property
    def shown_given_name(self) -> str:
        return readable_name(self.used_given_name or self.first_birth_given_name)

    @property
    def display_name(self) -> str:
        return f"{self.shown_family_name} {self.shown_given_name}".strip()

    @property
    def claimed_status_label(self) -> str:
        """What a file claimed of the identity, in words; an unknown code as received."""
        return nomenclature.get("identity_status").label(self.claimed_status)

    @property
    def died_on(self) -> date | None:
        """The day of the death in Paris: from then on the age does not change."""
        return in_paris(self.died_at).date() if self.died_at else None

    @property
    def birth_place(self) -> str:
        named = ", ".join(filter(None, (self.birth_place_name, abroad(self.birth_country))))
        return f"{named} ({self.birth_place_code})".strip() if self.birth_place_code else named

    @property
    def has_ins(self) -> bool:
        return bool(self.ins_value)


class PersonIdentifier(Versioned):
    """Another number of the person, exactly as received. Several INS may coexist: no unique key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="identifiers")
    kind = models.CharField("nature", max_length=4, choices=IdentifierKind, blank=True)
    value = models.CharField("numéro", max_length=255)
    # As it is searched: in capitals, and without the structure before its bar (« 3990000101/204 »).
    local_value = models.GeneratedField(
        expression=Upper(Substr("value", StrIndex("value", Value("/")) + 1)),
        output_field=models.CharField(max_length=255),
        db_persist=True,
    )
    system = models.CharField("système", max_length=255, blank=True)
    type = CodedField("type reçu")
    use = models.CharField("usage", max_length=20, blank=True)
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        indexes = [
            models.Index(fields=["value", "system"]),
            models.Index(fields=["local_value"]),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()


class PostalAddress(Versioned):
    """The columns of a postal address."""

    use = models.CharField("usage", max_length=20, blank=True)
    house_number = models.CharField("numéro", max_length=20, blank=True)
    street = models.CharField("voie", max_length=200, blank=True)
    lines = models.JSONField("lignes", default=list, blank=True)
    postal_code = models.CharField("code postal", max_length=20, blank=True)
    city = models.CharField("commune", max_length=100, blank=True)
    district = models.CharField("arrondissement", max_length=100, blank=True)
    state = models.CharField("département ou région", max_length=100, blank=True)
    country = models.CharField("pays", max_length=60, blank=True)
    insee_code = models.CharField("code commune", max_length=10, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        abstract = True

    @property
    def one_line(self) -> str:
        street = f"{self.house_number} {self.street}".strip() or ", ".join(self.lines)
        city = f"{self.postal_code} {self.city}".strip()
        return ", ".join(filter(None, (street, city, abroad(self.country))))


class PersonAddress(PostalAddress):
    """An address of the person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="addresses")

    def __str__(self) -> str:
        return f"{self.postal_code} {self.city}"


class PersonTelecom(Versioned):
    """A telephone number or e-mail address of the person."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="telecoms")
    system = models.CharField("nature", max_length=10)
    value = models.CharField("valeur", max_length=200)
    use = models.CharField("usage", max_length=20, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    def __str__(self) -> str:
        return self.system


class Contact(Versioned):
    """Someone around the person: family, representative, person to call."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="contacts")
    family_name = models.CharField("nom", max_length=100, blank=True)
    given_name = models.CharField("prénom", max_length=100, blank=True)
    civility = models.CharField("civilité", max_length=10, blank=True)
    role = CodedField("rôle")
    relation = CodedField("lien")
    protection_role = CodedField("rôle de protection")
    is_emergency_contact = models.BooleanField("à prévenir en urgence", default=False)
    comment = models.TextField("commentaire", blank=True)
    description = models.TextField("description", blank=True)
    telecoms = models.JSONField("coordonnées", default=list, blank=True)
    addresses = models.JSONField("adresses", default=list, blank=True)
    received_identifier = models.CharField("identifiant reçu", max_length=255, blank=True)
    received_system = models.CharField("système de l’identifiant", max_length=255, blank=True)

    def __str__(self) -> str:
        return f"{self.given_name} {self.family_name}".strip()

    @property
    def is_to_call(self) -> bool:
        """Whether to call this person in an emergency: our own mark says so, or the role."""
        return self.is_emergency_contact or self.role.code == EMERGENCY

    @property
    def other_role(self) -> Coded:
        """The role, unless it is to be called in an emergency, which is said apart."""
        return Coded() if self.role.code == EMERGENCY else self.role

    @property
    def means(self) -> list[tuple[str, str]]:
        """Each way to reach them as it is written, and what to dial, if it can be dialled."""
        return [
            (one["value"], dialled(one["value"]) if one["system"] == "phone" else "")
            for one in self.telecoms
        ]


class LegalProtection(Versioned):
    """A legal protection measure and the contact who holds it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="protections")
    kind = models.CharField("mesure", max_length=30, choices=ProtectionKind, blank=True)
    received_kind = CodedField("mesure reçue")
    covers_person = models.BooleanField("protège la personne", default=False)
    covers_goods = models.BooleanField("protège les biens", default=False)
    judged_on = models.DateField("date du jugement", null=True, blank=True)
    ends_on = models.DateField("échéance", null=True, blank=True)
    holder = models.ForeignKey(
        Contact, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name="titulaire"
    )

    def __str__(self) -> str:
        return self.get_kind_display()


class Coverage(Versioned):
    """A health cover. The number of the insured may differ from the INS (ayant droit)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="coverages")
    kind = models.CharField("nature", max_length=3, choices=CoverageKind, blank=True)
    received_kind = CodedField("nature reçue")
    payer_name = models.CharField("organisme", max_length=200, blank=True)
    payer_number = models.CharField("numéro de l’organisme", max_length=30, blank=True)
    insured_number = models.CharField("numéro d’assuré", max_length=30, blank=True)
    insured_link = CodedField("lien avec l’assuré")
    starts_on = models.DateField("début des droits", null=True, blank=True)
    ends_on = models.DateField("fin des droits", null=True, blank=True)

    def __str__(self) -> str:
        return self.get_kind_display()


# What surrounds a person and may be added, changed and removed.
PersonItem = Contact | LegalProtection | Coverage | PersonIdentifier | PersonAddress | PersonTelecom


IS_PLANNED = Q(status=StayStatus.PLANNED)


class StayQuerySet(models.QuerySet["Stay"]):
    """Chainable filters on stays."""

    def open_at(self, at: datetime) -> "StayQuerySet":
        """Keep the stays that are not over on the day of this instant (Europe/Paris).

        The day of exit still counts: the team writes its last transmission then.
        """
        day = timezone.localdate(at)
        lasting = Q(exited_on=None) & ~Q(status=StayStatus.FINISHED)
        return self.filter(lasting | Q(exited_on__gte=day)).exclude(status=StayStatus.CANCELLED)

    def of_the_living(self) -> "StayQuerySet":
        """Keep the stays of those whose death is not noted."""
        return self.filter(person__died_at=None)

    def planned(self) -> "StayQuerySet":
        """Keep the stays that are to begin."""
        return self.filter(IS_PLANNED).of_the_living()

    def present_at(self, at: datetime) -> "StayQuerySet":
        """Keep the stays of the persons accompanied that day: alive, entered, and not yet out."""
        return self.open_at(at).exclude(IS_PLANNED).of_the_living()

    def past_at(self, at: datetime) -> "StayQuerySet":
        """Keep the stays that are over, of persons who have none open in the same establishment.

        A death ends them all, even where nobody has noted the exit yet.
        """
        over = Q(exited_on__lt=timezone.localdate(at))
        over |= Q(exited_on=None, status=StayStatus.FINISHED)
        over |= Q(person__died_at__isnull=False) & ~Q(status=StayStatus.CANCELLED)
        open_there = (
            Stay.objects.open_at(at)
            .of_the_living()
            .filter(person=OuterRef("person"), establishment=OuterRef("establishment"))
        )
        return self.filter(over).exclude(Exists(open_there))

    def open_to_unit_at(self, at: datetime) -> "StayQuerySet":
        """Keep those that open the record to their unit: not over, and begun or about to begin.

        A stay to come waits until `PREPARATION` before the day planned; without a day, it waits.
        """
        is_near = Q(entry_on__lte=timezone.localdate(at) + PREPARATION)
        is_begun = Q(entry_on=None) & ~IS_PLANNED
        entry_on = Coalesce("entered_on", "planned_entry_on")
        return self.open_at(at).alias(entry_on=entry_on).filter(is_near | is_begun)

    def by_entry(self) -> "StayQuerySet":
        """Order them so that the last one is the latest that has begun, on any database."""
        return self.order_by(F("entered_on").asc(nulls_first=True), "id")


class Stay(Versioned):
    """A séjour of a person in an establishment, with the fields of TDDUI."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator = models.ForeignKey(Operator, models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, models.PROTECT, related_name="stays")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="stays")
    establishment = models.ForeignKey(
        Establishment, models.PROTECT, related_name="stays", verbose_name="établissement"
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="stays", null=True, blank=True, verbose_name="unité"
    )
    room = models.ForeignKey(
        Room, models.PROTECT, related_name="stays", null=True, blank=True, verbose_name="chambre"
    )
    file_number = models.CharField("numéro de dossier", max_length=60, blank=True)
    status = models.CharField(
        "état", max_length=20, choices=StayStatus, default=StayStatus.IN_PROGRESS
    )
    reception_mode = models.CharField(
        "modalité d’accueil", max_length=20, choices=ReceptionMode, blank=True
    )
    class_code = models.CharField("classe (ActCode)", max_length=20, blank=True)
    service_type = CodedField("type de service")
    origin_name = models.CharField("provenance", max_length=200, blank=True)
    received_structure = models.ForeignKey(
        ReceivedStructure, models.PROTECT, related_name="+", null=True, blank=True
    )
    received_origin = models.ForeignKey(
        ReceivedStructure, models.PROTECT, related_name="+", null=True, blank=True
    )
    admitted_on = models.DateField("admission", null=True, blank=True)
    entered_on = models.DateField("entrée", null=True, blank=True)
    exited_on = models.DateField("sortie", null=True, blank=True)
    planned_entry_on = models.DateField("entrée prévue", null=True, blank=True)
    planned_exit_on = models.DateField("sortie prévue", null=True, blank=True)
    entry_mode = CodedField("mode d’entrée")
    entry_label = models.TextField("précision sur l’entrée", blank=True)
    exit_mode = CodedField("mode de sortie")
    exit_label = models.TextField("précision sur la sortie", blank=True)
    comment = models.TextField("commentaire", blank=True)
    received_identifier = models.CharField("identifiant reçu", max_length=255, blank=True)
    received_system = models.CharField("système de l’identifiant", max_length=255, blank=True)

    objects = StayQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["unit", "exited_on"]),
            models.Index(fields=["establishment", "exited_on"]),
            models.Index(fields=["received_identifier"]),
        ]

    def __str__(self) -> str:
        return f"Séjour {self.id}"

    @property
    def origin(self) -> str:
        """Where the person came from, in words, or a structure that a file did not name."""
        return origin_label(self.origin_name)

    def is_exit_overdue_on(self, day: date) -> bool:
        """Whether the day planned for the exit has passed without one."""
        is_over = self.exited_on or self.status in (StayStatus.FINISHED, StayStatus.CANCELLED)
        return not is_over and self.planned_exit_on is not None and self.planned_exit_on < day

    @property
    def lacks_exit(self) -> bool:
        return self.entered_on is not None and self.exited_on is None


class Referent(models.Model):
    """A professional named to follow a person, which reaches the record like a unit does."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="referents")
    professional = models.ForeignKey(Professional, models.PROTECT, related_name="+")
    starts_on = models.DateField("début")
    ends_on = models.DateField("fin", null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="referent_ends_after_start",
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
            )
        ]

    def __str__(self) -> str:
        return f"Référent {self.professional_id}"
