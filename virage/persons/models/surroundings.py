"""Who and what surrounds a person: contacts, protection, covers."""

from django.db import models

from virage.foundation.coded import Coded
from virage.foundation.coded_field import CodedField
from virage.foundation.encryption.fields import EncryptedField
from virage.foundation.ids import new_id
from virage.foundation.versions import Versioned
from virage.persons.enums import (
    CoverageKind,
    ProtectionKind,
)
from virage.persons.models.people import Person, PersonAddress, PersonIdentifier, PersonTelecom
from virage.persons.rules.surroundings import EMERGENCY, dialled, in_pairs


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
        """Each way to reach them as it is read, and what to dial, if it can be dialled."""
        return [
            (in_pairs(one["value"]), dialled(one["value"]) if one["system"] == "phone" else "")
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

    @property
    def protects_nothing(self) -> bool:
        return not (self.covers_person or self.covers_goods)


class Coverage(Versioned):
    """A health cover. The number of the insured may differ from the INS (ayant droit)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey(Person, models.CASCADE, related_name="coverages")
    kind = models.CharField("nature", max_length=3, choices=CoverageKind, blank=True)
    received_kind = CodedField("nature reçue")
    payer_name = models.CharField("organisme", max_length=200, blank=True)
    payer_number = models.CharField("numéro de l’organisme", max_length=30, blank=True)
    insured_number = EncryptedField(
        "numéro d’assuré",
        max_length=30,
        blank=True,
        purpose="coverage.insured_number",
        owner="person__operator_id",
    )
    insured_link = CodedField("lien avec l’assuré")
    starts_on = models.DateField("début des droits", null=True, blank=True)
    ends_on = models.DateField("fin des droits", null=True, blank=True)

    def __str__(self) -> str:
        return self.get_kind_display()


# What surrounds a person and may be added, changed and removed.
PersonItem = Contact | LegalProtection | Coverage | PersonIdentifier | PersonAddress | PersonTelecom
