"""Creating a person and changing who she is: traits, used names, INS."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction

from virage.directory.models import Operator
from virage.formats.fhir.names import oid_system
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, SubjectKind, Volet
from virage.foundation.access.models import Subject
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.journal.writing import record
from virage.foundation.versions import assign, locked, save
from virage.persons.actions.changes import require_write
from virage.persons.actions.stays import check_place, faults_of_stay, insert_stay
from virage.persons.enums import InsStatus
from virage.persons.models import Person, Stay
from virage.persons.queries.doubles import has_bearer, is_known_unseen, look_alike_ids
from virage.persons.queries.numbers import hashes_of_numbers
from virage.persons.rules.identity import (
    STRICT_TRAITS,
    TRAITS,
    PersonTraits,
    are_traits_locked,
    completed,
    contradictions,
    faults_of_ins,
    faults_of_signs,
    faults_of_traits,
    plain_number,
    status_after_unlock,
)
from virage.persons.rules.names import lost_spelling, name_sound, search_text, strict_form

NAMES = ("birth_family_name", "birth_given_names", "first_birth_given_name")
# The name that may keep the spelling of a birth name.
USED_FOR = {
    "birth_family_name": "used_family_name",
    "first_birth_given_name": "used_given_name",
}
PURPOSE_LENGTH = 200
INDEXED = ("search_text", "name_sound", "birth_name_sound")
ATTRIBUTES = ("is_doubtful", "is_fictitious", "is_homonym")
TAKEN = "Un autre dossier porte déjà ce matricule : comparez-les, et corrigez celui qui se trompe."
LOCKED = "Ce trait est verrouillé par l’identité nationale : déverrouillez l’identité d’abord."


@transaction.atomic
def create_person(
    actor: Actor,
    *,
    traits: PersonTraits,
    stay: Stay | None = None,
    ins_value: str = "",
    ins_oid: str = "",
    claimed_status: str = "",
    is_doubtful: bool = False,
    is_fictitious: bool = False,
    is_homonym: bool = False,
    other_person_ids: Collection[UUID] = (),
    is_received: bool = False,
) -> Person:
    """Create a person, her Subject and her first stay (an unsaved `Stay` without person).

    The status is always provisional: what the sender claims is kept apart. By hand, the spelling
    that strict birth names lose becomes the used name; Invalid for traits, INS or stay that do not
    hold, for the INS of another record, and without a stay unless the actor covers the operator
    (nobody else could open the record); Refused when the operator knows her out of the actor's
    sight; Conflict for a look-alike that no human declared to be someone else, in
    `other_person_ids`. What is received is kept as received, and was matched by its import, which
    brings the stays (`receive_stays`).
    """
    require_write(actor, None, is_received=is_received)
    traits = completed(traits) if is_received else typed(traits)
    if not is_received:
        _one_at_a_time(actor)
        _check_new(actor, traits, stay, ins_value, ins_oid)
        if look_alike_ids(actor, traits, ins_value) - set(other_person_ids):
            raise Conflict("Un dossier ressemblant n’a pas été comparé.", mine="", theirs="")
        if is_known_unseen(actor, traits, ins_value, ins_oid):
            raise _known_unseen("pour qu’un séjour soit ouvert dans votre établissement")
    person = person_of(
        actor,
        traits,
        ins_value=ins_value,
        ins_oid=ins_oid,
        claimed_status=claimed_status,
        is_doubtful=is_doubtful,
        is_fictitious=is_fictitious,
        is_homonym=is_homonym,
    )
    person.subject.save(force_insert=True)
    person.save(force_insert=True)
    if stay:
        insert_stay(person, stay)
    _journal(actor, "person.create", person)
    return person


def person_of(actor: Actor, traits: PersonTraits, **columns: Any) -> Person:
    """Return the row of a person, with her Subject's, to be inserted in this order."""
    subject = Subject(operator_id=actor.operator_id, kind=SubjectKind.PERSON)
    names = {name: getattr(traits, name) for name in TRAITS}
    person = Person(operator_id=actor.operator_id, subject=subject, **columns, **names)
    _index(person)
    return person


@transaction.atomic
def update_person(
    actor: Actor, *, person: Person, expected_version: int, changes: Mapping[str, Any]
) -> Person:
    """Change traits, used names or attributes (fields of `PersonTraits`, `is_doubtful`…).

    Conflict with both texts when someone changed them since `expected_version`. Invalid for traits
    that do not hold or that the INS contradicts, and for a strict trait of a retrieved or qualified
    identity, which is locked; Refused when the new ones are those of someone whom the operator
    knows out of the actor's sight. A doubtful or fictitious identity goes back to provisional
    (RNIV).
    """
    require_write(actor, person.subject)
    if strangers := changes.keys() - {*TRAITS, *ATTRIBUTES}:
        raise ValueError(f"not fields of the identity: {sorted(strangers)}")
    changes = _as_typed(changes, person)
    if changes.get("birth_given_names") == "":
        first = changes.get("first_birth_given_name", person.first_birth_given_name)
        changes["birth_given_names"] = first
    _one_at_a_time(actor)
    current = locked(person, expected_version, changes)
    changed = assign(current, changes)
    _check_update(actor, current, changed)
    if current.is_doubtful or current.is_fictitious:
        changed += assign(current, {"ins_status": InsStatus.PROVISIONAL})
    if changed:
        _index(current)
        save(current, [*changed, *INDEXED])
        _journal(actor, "person.update", current, fields=changed)
    return current


@transaction.atomic
def set_ins(
    actor: Actor,
    *,
    person: Person,
    expected_version: int,
    value: str,
    oid: str,
    is_received: bool = False,
) -> Person:
    """Set or clear the INS; nothing here makes it retrieved or qualified: only our own check may.

    Invalid by hand for a wrong length or key, an unknown authority, a trait that it contradicts,
    the INS of another record, or a locked identity; Refused when that record is out of the actor's
    sight. What is received is kept as received. A former retrieved or qualified status does not
    survive; a received number that was the INS becomes an old one.
    """
    require_write(actor, person.subject, is_received=is_received)
    if not is_received:
        value = plain_number(value)
        _one_at_a_time(actor)
    changes = {"ins_value": value, "ins_oid": oid}
    current = locked(person, expected_version, changes)
    if not is_received:
        _check_ins(actor, current, value, oid)
    former = (current.ins_value, current.ins_oid)
    changed = assign(current, changes)
    if changed:
        changed += assign(current, {"ins_status": status_after_unlock(current.ins_status)})
        save(current, changed)
        _rank_received_ins(current, former)
        _journal(actor, "person.set_ins", current)
    return current


@transaction.atomic
def unlock_traits(actor: Actor, *, person: Person, expected_version: int, reason: str) -> Person:
    """Open the strict traits of a retrieved or qualified identity, which becomes provisional.

    Invalid without a reason, which the journal keeps as the purpose of the gesture.
    """
    require_write(actor, person.subject)
    if not reason.strip():
        raise Invalid({"reason": ["Dites pourquoi l’identité doit être corrigée."]})
    current = locked(person, expected_version, {"ins_status": InsStatus.PROVISIONAL})
    former = current.ins_status
    save(current, assign(current, {"ins_status": status_after_unlock(former)}))
    purpose = reason.strip()[:PURPOSE_LENGTH]
    _journal(replace(actor, purpose=purpose), "person.unlock_traits", current, former=former)
    return current


def _one_at_a_time(actor: Actor) -> None:
    """Let one identity of the operator be typed at a time: what comes next compares with it.

    An import waits too.
    """
    Operator.objects.select_for_update(no_key=True).get(pk=actor.operator_id)


def _as_typed(values: Mapping[str, Any], former: PersonTraits | Person) -> dict[str, Any]:
    """Return what was typed by hand as it is kept: birth names in strict form.

    A spelling that this form loses is kept as the used name when no other one is; Invalid for
    signs that no birth name holds.
    """
    Invalid.raise_if(faults_of_signs({name: values[name] for name in NAMES if name in values}))
    kept = {name: _written(name, value) for name, value in values.items()}
    for birth, used in USED_FOR.items():
        if birth in values and not values.get(used, getattr(former, used)):
            kept[used] = lost_spelling(values[birth])
    return kept


def _written(name: str, value: Any) -> Any:
    if name in NAMES:
        return strict_form(value)
    return " ".join(value.split()) if isinstance(value, str) else value


def typed(traits: PersonTraits) -> PersonTraits:
    """Return traits entered by hand as they are kept: strict birth names, spelling in used ones."""
    values = {name: getattr(traits, name) for name in TRAITS}
    return completed(replace(traits, **_as_typed(values, traits)))


def _check_new(
    actor: Actor, traits: PersonTraits, stay: Stay | None, ins_value: str, ins_oid: str
) -> None:
    faults = faults_of_traits(traits, actor.today)
    faults |= faults_of_ins(ins_value, ins_oid, traits.sex, traits.birth_on)
    if has_bearer(actor, ins_value, ins_oid):
        faults["ins_value"] = [TAKEN]
    if stay:
        check_place(actor, stay)
        faults |= faults_of_stay(stay, traits.birth_on, actor.today)
    elif actor.reach != Reach.OPERATOR:
        faults["entered_on"] = ["Indiquez le séjour : sans lui, personne n’ouvrirait ce dossier."]
    Invalid.raise_if(faults)


def _known_unseen(what_to_ask: str) -> Refused:
    return Refused(
        "double",
        "Cette personne est déjà connue dans votre organisme, hors de ce que votre situation "
        "vous montre : un second dossier mettrait ses soins en danger.",
        whom_to_ask=f"la direction de tout l’organisme, {what_to_ask}",
    )


def _check_ins(actor: Actor, person: Person, value: str, oid: str) -> None:
    faults = faults_of_ins(value, oid, person.sex, person.birth_on)
    if has_bearer(actor, value, oid, person.pk):
        faults["ins_value"] = [TAKEN]
    if are_traits_locked(person.ins_status):
        faults |= {"ins_value": [LOCKED]}
    Invalid.raise_if(faults)
    if is_known_unseen(actor, None, value, oid):
        raise _known_unseen("qui compare les deux dossiers")


def _rank_received_ins(person: Person, former: tuple[str, str]) -> None:
    """Say old (FHIR) of the number received that was the INS, and official of the one that is."""
    now = (person.ins_value, person.ins_oid)
    for (value, oid), use in ((former, "old"), (now, "official")):
        hashes = hashes_of_numbers(person.operator_id, [value])
        same = person.identifiers.filter(number_hash__in=hashes, system=oid_system(oid))
        same.update(use=use)


def _check_update(actor: Actor, person: Person, changed: list[str]) -> None:
    faults = faults_of_traits(person.traits, actor.today)
    said = contradictions(person.ins_value, person.sex, person.birth_on)
    faults |= {name: said[name] for name in changed if name in said}
    if "birth_on" in changed and _entered_before(person):
        faults["birth_on"] = ["La naissance suit une entrée déjà notée dans un séjour."]
    if are_traits_locked(person.ins_status):
        faults |= {name: [LOCKED] for name in changed if name in STRICT_TRAITS}
    Invalid.raise_if(faults)
    if set(changed) & set(STRICT_TRAITS) and is_known_unseen(actor, person.traits):
        raise _known_unseen("qui compare les deux dossiers")


def _entered_before(person: Person) -> bool:
    return person.stays.filter(entered_on__lt=person.birth_on).exists()


def _index(person: Person) -> None:
    """Write the columns by which the person is found; the first names shown sort the lists."""
    person.search_text = search_text(
        person.shown_family_name,
        person.shown_given_name,
        person.birth_family_name,
        person.first_birth_given_name,
        person.birth_given_names,
    )
    person.name_sound = name_sound(person.shown_family_name, person.shown_given_name)
    family, given = person.birth_family_name, person.first_birth_given_name
    sound = name_sound(family, given) if family else ""
    person.birth_name_sound = "" if sound == person.name_sound else sound


def _journal(actor: Actor, action: str, person: Person, **detail: Any) -> None:
    record(
        actor,
        action,
        target=person,
        subject_ids=[person.subject_id],
        volet=Volet.ADMINISTRATIVE,
        detail=detail,
    )
