"""The usager, and the numbers, addresses and telephones by which she is known and reached."""

from datetime import date

from django.db import models
from django.db.models import Q

from virage.directory.models import (
    Operator,
)
from virage.foundation.access.models import Subject
from virage.foundation.calendar import in_paris
from virage.foundation.coded_field import CodedField
from virage.foundation.content import nomenclature
from virage.foundation.encryption.fields import EncryptedField, stored_hash
from virage.foundation.ids import new_id
from virage.foundation.storage.fields import FileAddress
from virage.foundation.versions import Versioned
from virage.persons.enums import (
    IdentifierKind,
    InsOid,
    InsStatus,
    Sex,
)
from virage.persons.rules.identity import TRAITS, PersonTraits
from virage.persons.rules.names import readable_name
from virage.persons.rules.surroundings import abroad, in_pairs

# What the numbers of a person are encrypted and hashed for.
NUMBER = "person.number"


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
    ins_value = EncryptedField(
        "matricule INS", max_length=15, blank=True, purpose=NUMBER, hashes=("whole",)
    )
    ins_hash = stored_hash("ins_value")
    ins_oid = models.CharField("OID de l’INS", max_length=30, choices=InsOid, blank=True)
    ins_status = models.CharField(
        "statut de l’identité", max_length=12, choices=InsStatus, default=InsStatus.PROVISIONAL
    )
    claimed_status = models.CharField("statut reçu", max_length=20, blank=True)
    is_doubtful = models.BooleanField("identité douteuse", default=False)
    is_fictitious = models.BooleanField("identité fictive", default=False)
    is_homonym = models.BooleanField("homonyme connu", default=False)
    household_situation = CodedField("situation du foyer")
    photo_digest = FileAddress("photo", blank=True)
    photo_consent_on = models.DateField("accord pour la photo", null=True, blank=True)
    photo_removed_on = models.DateField("photo retirée", null=True, blank=True)
    died_at = models.DateTimeField("décès", null=True, blank=True)
    search_text = models.CharField("colonne de recherche", max_length=600)
    name_sound = models.CharField("nom tel qu’il s’entend", max_length=120, blank=True)
    # Empty when it sounds as the name shown does.
    birth_name_sound = models.CharField(
        "nom de naissance tel qu’il s’entend", max_length=120, blank=True
    )

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
            models.Index(fields=["operator", "birth_name_sound"]),
            models.Index(fields=["operator", "search_text"]),
            models.Index(fields=["ins_hash"]),
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
        code = self.birth_place_code
        if not named:
            return f"Code {code}" if code else ""
        return f"{named} ({code})" if code else named

    @property
    def has_ins(self) -> bool:
        return bool(self.ins_value)

    @property
    def traits(self) -> PersonTraits:
        """Who the person is, to be compared with who is typed or received."""
        return PersonTraits(**{name: getattr(self, name) for name in TRAITS})


class PersonIdentifier(Versioned):
    """Another number of the person, exactly as received. Several INS may coexist: no unique key."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="identifiers")
    kind = models.CharField("nature", max_length=4, choices=IdentifierKind, blank=True)
    # Searched whole, or without the structure before its bar.
    value = EncryptedField(
        "numéro",
        max_length=255,
        purpose=NUMBER,
        hashes=("whole", "after_bar"),
        owner="person__operator_id",
    )
    number_hash = stored_hash("value")
    local_hash = stored_hash("value", rank=1)
    system = models.CharField("système", max_length=255, blank=True)
    type = CodedField("type reçu")
    use = models.CharField("usage", max_length=20, blank=True)
    starts_on = models.DateField("début", null=True, blank=True)
    ends_on = models.DateField("fin", null=True, blank=True)
    position = models.PositiveSmallIntegerField("rang", default=0)

    class Meta:
        indexes = [
            models.Index(fields=["number_hash"]),
            models.Index(fields=["local_hash"]),
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

    @property
    def shown(self) -> str:
        return in_pairs(self.value)
