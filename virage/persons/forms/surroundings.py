"""Contacts, protection, covers, numbers, addresses, telecoms."""

from collections.abc import Iterable
from typing import Any

from django import forms

from virage.foundation.content import nomenclature
from virage.foundation.ui.coded_choice import CodedChoiceField
from virage.foundation.ui.fields import DayField, EmailField
from virage.foundation.ui.forms import VersionedForm
from virage.persons.enums import CoverageKind, IdentifierKind, ProtectionKind
from virage.persons.models import Contact
from virage.persons.rules.surroundings import EMERGENCY, lost_with_commune

OTHER = "autre"
TELECOM_SYSTEMS = [("phone", "Téléphone"), ("email", "Adresse électronique"), ("fax", "Télécopie")]
USES = [("", "Non précisé"), ("home", "Personnel"), ("work", "Professionnel"), ("mobile", "Mobile")]
ADDRESS_USES = [
    ("", "Non précisé"),
    ("home", "Domicile"),
    ("temp", "Temporaire"),
    ("billing", "Facturation"),
    ("old", "Ancienne"),
]


def _civilities() -> list[tuple[str, str]]:
    return [("", "Non précisée"), *nomenclature.get("civility").choices()]


class ContactForm(VersionedForm):
    """Someone around the person, with one telephone, one e-mail and one address to reach them.

    Further ones that a file brought are kept untouched.
    """

    civility = forms.ChoiceField(label="Civilité", required=False, choices=_civilities)
    family_name = forms.CharField(label="Nom", max_length=100, required=False)
    given_name = forms.CharField(label="Prénom", max_length=100, required=False)
    relation = CodedChoiceField("relation", label="Lien avec la personne")
    # Whom to call in an emergency has a box of its own.
    role = CodedChoiceField("contact_role", label="Rôle", without=(EMERGENCY,))
    is_emergency_contact = forms.BooleanField(label="À prévenir en urgence", required=False)
    phone = forms.CharField(
        label="Téléphone", max_length=200, required=False, widget=forms.TelInput
    )
    email = EmailField(label="Adresse électronique", max_length=200, required=False)
    street = forms.CharField(label="Numéro et voie", max_length=200, required=False)
    postal_code = forms.CharField(label="Code postal", max_length=20, required=False)
    city = forms.CharField(label="Commune", max_length=100, required=False)
    comment = forms.CharField(
        label="Commentaire", required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, data: Any = None, *, item: Contact | None = None, **given: Any) -> None:
        self._telecoms: list[dict[str, str]] = list(item.telecoms) if item else []
        self._addresses: list[dict[str, Any]] = list(item.addresses) if item else []
        super().__init__(data, item=item, **given)

    def opened_on(self, item: Contact) -> dict[str, Any]:
        address = self._addresses[0] if self._addresses else {}
        street = f"{address.get('house_number', '')} {address.get('street', '')}".strip()
        return super().opened_on(item) | {
            "phone": _first(self._telecoms, "phone"),
            "email": _first(self._telecoms, "email"),
            "street": street or ", ".join(address.get("lines", [])),
            "postal_code": address.get("postal_code", ""),
            "city": address.get("city", ""),
        }

    def values(self) -> dict[str, Any]:
        values = super().values()
        telecoms = self._telecoms
        for system in ("phone", "email"):
            value = values.pop(system)
            if system in self.changed_data:
                telecoms = _with(telecoms, system, value)
        typed = {name: values.pop(name) for name in ("street", "postal_code", "city")}
        addresses = self._addresses
        if changed := {name: typed[name] for name in typed if name in self.changed_data}:
            held = addresses[0] if addresses else {}
            first = [_corrected(held, changed)] if any(typed.values()) else []
            addresses = [*first, *addresses[1:]]
        return values | {"telecoms": telecoms, "addresses": addresses}


def _first(telecoms: list[dict[str, str]], system: str) -> str:
    return next((one["value"] for one in telecoms if one["system"] == system), "")


def _with(telecoms: list[dict[str, str]], system: str, value: str) -> list[dict[str, str]]:
    """Return the telecoms with the first of this system corrected, added or taken away."""
    new = {"system": system, "value": "", "use": ""}
    held = next((one for one in telecoms if one["system"] == system), new)
    others = [one for one in telecoms if one is not held]
    return [held | {"value": value}, *others] if value else others


def _corrected(held: dict[str, Any], changed: dict[str, str]) -> dict[str, Any]:
    """Return the address held with what was typed otherwise, less what that makes false."""
    address = held | changed | lost_with_commune(changed)
    if "street" in changed:
        # The field shows the number too, and the lines where there is no street.
        lines = [line for line in held.get("lines", []) if held.get("street", "") not in line]
        address |= {"house_number": "", "lines": lines}
    return address


def _kinds(choices: Iterable[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """Return kinds of which one must be chosen: none is the default, not even the other ones."""
    return [("", "Choisissez"), *((kind or OTHER, label) for kind, label in choices)]


class KindForm(VersionedForm):
    """A form whose kind is chosen; the column is empty for what is none of ours."""

    def opened_on(self, item: Any) -> dict[str, Any]:
        return super().opened_on(item) | {"kind": item.kind or OTHER}

    def values(self) -> dict[str, Any]:
        values = super().values()
        return values | {"kind": "" if values["kind"] == OTHER else values["kind"]}


class ProtectionForm(KindForm):
    """A legal protection measure; who holds it is one of the contacts."""

    kind = forms.ChoiceField(label="Mesure", choices=_kinds(ProtectionKind.choices))
    holder = forms.ChoiceField(
        label="Titulaire de la mesure",
        required=False,
        help_text="Nécessaire pour une tutelle ou une curatelle.",
    )
    covers_person = forms.BooleanField(label="Protège la personne", required=False)
    covers_goods = forms.BooleanField(label="Protège les biens", required=False)
    judged_on = DayField(label="Date du jugement", required=False)
    ends_on = DayField(label="Échéance", required=False)

    def __init__(self, data: Any = None, *, contacts: Iterable[Contact], **given: Any) -> None:
        self._contacts = {str(contact.pk): contact for contact in contacts}
        super().__init__(data, **given)
        names = [(key, str(contact)) for key, contact in self._contacts.items()]
        self.fields["holder"].choices = [("", "Aucun"), *names]  # type: ignore[attr-defined]

    def opened_on(self, item: Any) -> dict[str, Any]:
        return super().opened_on(item) | {"holder": str(item.holder_id or "")}

    def values(self) -> dict[str, Any]:
        values = super().values()
        return values | {"holder": self._contacts.get(values["holder"])}


class CoverageForm(KindForm):
    """A health cover."""

    kind = forms.ChoiceField(label="Nature", choices=_kinds(CoverageKind.choices))
    payer_name = forms.CharField(label="Organisme", max_length=200, required=False)
    payer_number = forms.CharField(label="Numéro de l’organisme", max_length=30, required=False)
    insured_number = forms.CharField(
        label="Numéro d’assuré",
        max_length=30,
        required=False,
        help_text="Celui qui sert au remboursement ; il peut différer de l’INS (ayant droit).",
    )
    insured_link = CodedChoiceField("insured_link", label="Lien avec l’assuré")
    starts_on = DayField(label="Début des droits", required=False)
    ends_on = DayField(label="Fin des droits", required=False)


class IdentifierForm(VersionedForm):
    """Another number of the person; the INS has its own page."""

    kind = forms.ChoiceField(
        label="Nature",
        choices=[pair for pair in IdentifierKind.choices if pair[0] != IdentifierKind.INS],
        required=False,
    )
    value = forms.CharField(label="Numéro", max_length=255)
    starts_on = DayField(label="Début", required=False)
    ends_on = DayField(label="Fin", required=False)


class AddressForm(VersionedForm):
    """A postal address."""

    use = forms.ChoiceField(label="Usage", choices=ADDRESS_USES, required=False)
    house_number = forms.CharField(label="Numéro", max_length=20, required=False)
    street = forms.CharField(label="Voie", max_length=200, required=False)
    postal_code = forms.CharField(label="Code postal", max_length=20, required=False)
    city = forms.CharField(label="Commune", max_length=100)
    country = forms.CharField(label="Pays", max_length=60, required=False)

    def values(self) -> dict[str, Any]:
        return super().values() | lost_with_commune(self.changed_data)


class TelecomForm(VersionedForm):
    """A telephone number or an e-mail address."""

    system = forms.ChoiceField(label="Nature", choices=TELECOM_SYSTEMS)
    value = forms.CharField(label="Numéro ou adresse", max_length=200)
    use = forms.ChoiceField(label="Usage", choices=USES, required=False)
