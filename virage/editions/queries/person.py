"""What a person's editions say of her identity, stays and surroundings."""

from collections.abc import Iterable
from datetime import date

from virage.directory.models import Membership
from virage.editions.rules.templates import Told
from virage.foundation.access.actor import Actor
from virage.foundation.content.nomenclature import words_of
from virage.persons.models import Contact, Coverage, LegalProtection, Person, Stay
from virage.persons.queries.details import identity_details, stay_details, surroundings
from virage.persons.queries.people import reads_administrative
from virage.persons.queries.records import OpenRecord, sees_alerts
from virage.persons.rules.identity import age_label

Row = dict[str, str]
PHYSICIAN = "physician"
ADDRESS_USES = {
    "home": "Domicile",
    "temp": "Adresse temporaire",
    "old": "Ancienne adresse",
    "billing": "Adresse de facturation",
}
TELECOMS = {"email": "Courriel", "phone": "Téléphone"}


def identity_told(actor: Actor, record: OpenRecord) -> Told:
    """Return the identity of the person and how to reach her; four SQL statements at most."""
    person = record.person
    details = identity_details(actor, person)
    urgent: Iterable[Contact] | None = details.emergency_contacts
    if details.reads_all:
        urgent = [one for one in person.contacts.order_by("family_name", "id") if one.is_to_call]
    elif not details.sees_emergency:
        urgent = None
    reachable = [
        {"kind": ADDRESS_USES.get(one.use, "Adresse"), "value": one.one_line}
        for one in details.addresses
    ] + [
        {"kind": TELECOMS.get(one.system, one.system), "value": one.shown}
        for one in details.telecoms
    ]
    numbers = [
        {"kind": one.identifier.get_kind_display(), "value": one.shown} for one in details.numbers
    ]
    household = words_of(person.household_situation, "household_situation")
    status = [{"birth_place": person.birth_place, "household": household}]
    return {
        "identity": [_identity(person, actor.today)],
        "civil_status": status if details.reads_all else None,
        "reachable": reachable if details.reads_all else None,
        "numbers": numbers if details.reads_all else None,
        "urgent_contacts": None if urgent is None else [_contact(one) for one in urgent],
    }


def stays_told(actor: Actor, record: OpenRecord) -> Told:
    """Return stays and referents; three SQL statements, nothing without reading the volet."""
    if not reads_administrative(actor):
        return {"stays": None, "referents": None}
    details = stay_details(actor, record.person)
    referents = [
        {
            "name": one.professional.display_name,
            "since": _day(one.starts_on),
            "until": _day(one.ends_on),
        }
        for one in details.referents
    ]
    return {"stays": [_stay(stay) for stay in details.stays], "referents": referents}


def surroundings_told(actor: Actor, record: OpenRecord) -> Told:
    """Return who and what surrounds the person; three SQL statements, nothing without reading the
    volet.
    """
    if not reads_administrative(actor):
        return {"contacts": None, "protections": None, "coverages": None}
    found = surroundings(actor, record.person)
    return {
        "contacts": [_contact(one) for one in found.contacts],
        "protections": [_protection(one) for one in found.protections],
        "coverages": [_coverage(one) for one in found.coverages],
    }


def alerts_told(actor: Actor, record: OpenRecord) -> Told:
    """Return what matters in ten seconds, as the banner says it."""
    shown = [{"alert": badge.label} for badge in record.identity.alerts]
    return {"alerts": shown if shown or sees_alerts(actor) else None}


def place_told(actor: Actor, record: OpenRecord) -> Told:
    """Return where the person stays today."""
    stay = record.stay
    if stay is None:
        return {"place": []}
    place = {
        "establishment": stay.establishment.name,
        "unit": stay.unit.name if stay.unit else "",
        "room": stay.room.name if stay.room else "",
        "entered": _day(stay.entered_on),
    }
    return {"place": [place]}


def doctors_told(actor: Actor, record: OpenRecord) -> Told:
    """Return the physicians of the establishment where the person stays; one SQL statement."""
    if record.stay is None:
        return {"doctors": []}
    memberships = Membership.objects.active(actor.at).filter(
        operator=actor.operator_id, establishment=record.stay.establishment, profession=PHYSICIAN
    )
    ordered = memberships.select_related("professional").order_by(
        "professional__family_name", "professional__given_name", "id"
    )
    doctors = [one.professional for one in ordered]
    return {"doctors": [{"name": one.display_name, "rpps": one.rpps} for one in doctors]}


def _day(value: date | None) -> str:
    """« 12/03/1941 », or nothing."""
    return f"{value:%d/%m/%Y}" if value else ""


def _identity(person: Person, today: date) -> Row:
    died_on = person.died_on
    return {
        "birth_family_name": person.birth_family_name,
        "birth_given_names": person.birth_given_names or person.first_birth_given_name,
        "used_family_name": person.used_family_name or person.birth_family_name,
        "used_given_name": person.used_given_name or person.first_birth_given_name,
        "birth_on": _day(person.birth_on),
        "age": age_label(person.birth_on, died_on or today),
        "sex": person.get_sex_display(),
        "died_at": _day(died_on),
    }


def _stay(stay: Stay) -> Row:
    places = [stay.unit.name if stay.unit else "", f"ch. {stay.room.name}" if stay.room else ""]
    return {
        "place": stay.establishment.name,
        "unit": ", ".join(filter(None, places)),
        "state": stay.get_status_display(),
        "entered": _day(stay.entered_on or stay.planned_entry_on),
        "exited": _day(stay.exited_on or stay.planned_exit_on),
        "mode": stay.get_reception_mode_display(),
        "file_number": stay.file_number,
    }


def _contact(contact: Contact) -> Row:
    links = (
        words_of(contact.relation, "relation"),
        words_of(contact.other_role, "contact_role"),
        words_of(contact.protection_role, "protection_role"),
    )
    return {
        "name": str(contact),
        "link": " · ".join(filter(None, links)),
        "reached": "\n".join(shown for shown, _ in contact.means),
        "urgent": "Oui" if contact.is_to_call else "",
    }


def _protection(protection: LegalProtection) -> Row:
    covers = ["la personne"] if protection.covers_person else []
    covers += ["les biens"] if protection.covers_goods else []
    received = words_of(protection.received_kind) if not protection.kind else ""
    return {
        "measure": received or protection.get_kind_display(),
        "holder": str(protection.holder or ""),
        "covers": ", ".join(covers),
        "since": _day(protection.judged_on),
        "until": _day(protection.ends_on),
    }


def _coverage(coverage: Coverage) -> Row:
    received = words_of(coverage.received_kind, "social_cover") if not coverage.kind else ""
    return {
        "cover": received or coverage.get_kind_display(),
        "payer": " ".join(filter(None, (coverage.payer_name, coverage.payer_number))),
        "number": coverage.insured_number,
        "since": _day(coverage.starts_on),
        "until": _day(coverage.ends_on),
    }
