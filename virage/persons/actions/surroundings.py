"""What surrounds a person: contacts, protection, covers, numbers, addresses, telecoms."""

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.errors import Invalid
from virage.foundation.journal.writing import record
from virage.foundation.versions import assign, locked, save
from virage.persons.actions.changes import require_write
from virage.persons.models import (
    Contact,
    Coverage,
    LegalProtection,
    Person,
    PersonIdentifier,
    PersonItem,
    PersonTelecom,
)
from virage.persons.rules.identity import Faults
from virage.persons.rules.surroundings import (
    TRUSTED_PERSON,
    faults_of_contact,
    faults_of_coverage,
    faults_of_key,
    faults_of_number,
    faults_of_period,
    faults_of_protection,
    faults_of_telecom,
    faults_of_telephone,
)

Item = TypeVar("Item", bound=PersonItem)
DIALLED = ("phone", "fax")


def add_item(actor: Actor, *, person: Person, item: Item) -> Item:
    """Add a contact, a measure, a cover, a number, an address or a telecom, unsaved until then.

    Refused without writing the administrative volet. Invalid: a contact without a name, a
    second trusted person, one to call urgently whom nothing reaches; a tutelle or a curatelle
    without holder, or that protects nothing; a cover without payer nor number, or ended before it
    starts; an empty number, a national one with a wrong key or under another nature; a telephone
    that cannot be dialled.
    """
    add_surroundings(actor, person=person, items=[item])
    return item


@transaction.atomic
def update_item(
    actor: Actor, *, item: Item, expected_version: int, changes: Mapping[str, Any]
) -> Item:
    """Change a contact, a measure, a cover, a number, an address or a telecom.

    Conflict with both texts when someone changed it since `expected_version`; Invalid as when it
    is added by hand, but for a number that was there before: what was received is kept.
    """
    require_write(actor, item.person.subject)
    current = locked(item, expected_version, changes)
    former = copy(current)
    changed = assign(current, changes)
    Invalid.raise_if(_faults(actor, current, former))
    save(current, changed)
    if changed:
        _journal(actor, "update", current, fields=changed)
    return current


@transaction.atomic
def remove_item(actor: Actor, *, item: Item) -> None:
    """Remove what no longer holds; Invalid for a contact who holds a protection measure."""
    require_write(actor, item.person.subject)
    if isinstance(item, Contact) and item.person.protections.filter(holder=item).exists():
        raise Invalid(
            {"": ["Ce contact est titulaire d’une mesure de protection : retirez-la avant."]}
        )
    _journal(actor, "remove", item)
    item.delete()


@transaction.atomic
def add_surroundings(actor: Actor, *, person: Person, items: Iterable[PersonItem]) -> None:
    """Add several of these at once, in the order given; refused as each one would be."""
    require_write(actor, person.subject)
    for item in items:
        item.person = person
        Invalid.raise_if(_faults(actor, item))
        item.save(force_insert=True)
        _journal(actor, "add", item)


@transaction.atomic
def receive_surroundings(actor: Actor, *, person: Person, items: Sequence[Item]) -> None:
    """Add what a file brings around a person, all of one kind, as it was received.

    Refused without the import verb. Few statements whatever their number.
    """
    require_write(actor, person.subject, is_received=True)
    if not items:
        return
    for item in items:
        item.person = person
    model: type[Model] = type(items[0])
    model._default_manager.bulk_create(items, batch_size=500)
    record(
        actor,
        f"{items[0]._meta.model_name}.add",
        subject_ids=[person.subject_id],
        volet=Volet.ADMINISTRATIVE,
        detail={"count": len(items)},
    )


def _faults(actor: Actor, item: Item, former: Item | None = None) -> Faults:
    match item:
        case Contact():
            faults = faults_of_contact(
                family_name=item.family_name,
                given_name=item.given_name,
                is_out_of_reach=_is_left_out_of_reach(item, former),
                is_second_trusted=_is_second_trusted(item),
            )
            for number in _new_phones(item, former):
                faults |= faults_of_telephone("phone", number)
            return faults
        case LegalProtection():
            return faults_of_protection(
                kind=item.kind,
                has_holder=item.holder_id is not None,
                protects_nothing=_no_longer_protects(item, former),
                judged_on=item.judged_on,
                ends_on=item.ends_on,
                today=actor.today,
            )
        case PersonIdentifier():
            faults = faults_of_number(kind=item.kind, value=item.value)
            faults |= faults_of_key("value", _typed(item, former, "value"))
            return faults | faults_of_period(item.starts_on, item.ends_on)
        case Coverage():
            faults = faults_of_coverage(
                payer=item.payer_name,
                numbers=item.payer_number + item.insured_number,
                starts_on=item.starts_on,
                ends_on=item.ends_on,
            )
            return faults | faults_of_key("insured_number", _typed(item, former, "insured_number"))
        case PersonTelecom():
            number = _typed(item, former, "value") if item.system in DIALLED else ""
            return faults_of_telecom(item.value) | faults_of_telephone("value", number)
    return {}


def _typed(item: Item, former: Item | None, name: str) -> str:
    """Return what was typed in a field; empty when it held it already."""
    value = str(getattr(item, name))
    return "" if former and getattr(former, name) == value else value


def _new_phones(contact: Contact, former: Item | None) -> list[str]:
    held = former.telecoms if isinstance(former, Contact) else []
    return [
        one["value"] for one in contact.telecoms if one["system"] == "phone" and one not in held
    ]


def _is_left_out_of_reach(contact: Contact, former: Item | None) -> bool:
    """Whether nobody could call someone in the emergency for which they are named."""
    was_so = isinstance(former, Contact) and former.is_to_call and not former.telecoms
    return contact.is_to_call and not contact.telecoms and not was_so


def _no_longer_protects(measure: LegalProtection, former: Item | None) -> bool:
    """Whether a measure does not say what it protects; one received so may stay so."""
    was_so = isinstance(former, LegalProtection) and former.protects_nothing
    return measure.protects_nothing and not was_so


def _is_second_trusted(contact: Contact) -> bool:
    if contact.role.code != TRUSTED_PERSON:
        return False
    others = Contact.objects.filter(person=contact.person_id, role__code=TRUSTED_PERSON)
    return others.exclude(pk=contact.pk).exists()


def _journal(actor: Actor, verb: str, item: Item, **detail: Any) -> None:
    record(
        actor,
        f"{item._meta.model_name}.{verb}",
        target=item,
        subject_ids=[item.person.subject_id],
        volet=Volet.ADMINISTRATIVE,
        detail=detail,
    )
