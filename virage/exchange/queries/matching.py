"""Finding the persons that a received record may be about, in the whole operator.

A match must see persons that the importer does not accompany, or it would make duplicates: it
returns their ids to the import alone, never to a screen.
"""

from collections.abc import Collection
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from virage.exchange.rules.matching import Candidate, are_alike, usable_ins
from virage.formats.tddui import record as transit
from virage.formats.tddui.identifiers import PERSON_SYSTEMS, id_in_number
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Verb
from virage.foundation.access.predicates import closed_to
from virage.foundation.access.reach import NOTHING
from virage.foundation.national_numbers import is_nir_valid
from virage.persons.enums import InsStatus
from virage.persons.models import Person, PersonIdentifier
from virage.persons.queries import persons_visible_to
from virage.persons.queries.numbers import bearing_ins, hashes_of_numbers
from virage.persons.rules.identity import PersonTraits
from virage.persons.rules.names import search_form


def candidates_for(actor: Actor, received: transit.Person) -> list[Candidate]:
    """Return every person of the operator who shares a number or two main traits with a file.

    A sensitive record that the actor does not see never answers, as in creation by hand. The
    caller journals those whom this returns.
    """
    ins = usable_ins(received)
    bears_ins = _bearing(actor, ins)
    local = [one.value for one in received.identifiers if one.system in PERSON_SYSTEMS]
    received_before = PersonIdentifier.objects.filter(
        person=OuterRef("pk"),
        system__in=PERSON_SYSTEMS,
        number_hash__in=hashes_of_numbers(actor.operator_id, local),
    )
    # A number that we gave comes back in a file made of our export.
    ours = filter(None, (id_in_number(one.value) for one in received.identifiers))
    has_local = Exists(received_before) | Q(pk__in=list(ours))
    answering = Q(subject__is_sensitive=False) | Q(pk__in=persons_visible_to(actor).values("pk"))
    persons = (
        Person.objects.filter(answering, operator=actor.operator_id)
        .annotate(has_local=has_local, bears_ins=bears_ins)
        .filter(Q(has_local=True) | bears_ins | _like(received))
        .order_by("id")
    )
    traits = traits_received(received)
    found = [_candidate(person, ins) for person in persons]
    return [
        one
        for one in found
        if one.same_ins or one.same_local_identifier or are_alike(traits, one.traits)
    ]


def _bearing(actor: Actor, ins: Collection[tuple[str, str]]) -> Q:
    """Match who bears one of these INS: one condition for each registry, whatever their number."""
    values: dict[str, list[str]] = {}
    for value, oid in ins:
        values.setdefault(oid, []).append(value)
    return reduce(
        or_, (bearing_ins(actor.operator_id, some, oid) for oid, some in values.items()), NOTHING
    )


def _candidate(person: Any, ins: Collection[tuple[str, str]]) -> Candidate:
    """Describe a person found, annotated with the numbers that she shares with the file."""
    is_qualified = person.ins_status == InsStatus.QUALIFIED
    same_registry = person.ins_oid in {oid for _, oid in ins} and is_nir_valid(person.ins_value)
    return Candidate(
        person_id=person.pk,
        traits=person.traits,
        same_qualified_ins=is_qualified and (person.ins_value, person.ins_oid) in ins,
        same_ins=person.bears_ins,
        other_ins=same_registry and not person.bears_ins,
        same_local_identifier=person.has_local,
    )


def persons_settled_by(actor: Actor) -> QuerySet[Person]:
    """Return the persons in whose record the actor may place a file that he brings or settles.

    Those he sees; and, with the merge verb, all of the operator but the sensitive records and those
    closed to him: placing a record opens it to his establishment, so that it asks for a right over
    identities.
    """
    seen = persons_visible_to(actor)
    if not actor.has_verb(Verb.MERGE):
        return seen
    others = Person.objects.filter(
        ~closed_to(actor), operator=actor.operator_id, subject__is_sensitive=False
    )
    return Person.objects.filter(Q(pk__in=seen.values("pk")) | Q(pk__in=others.values("pk")))


def traits_received(received: transit.Person) -> PersonTraits:
    """Return the strict traits that a file says."""
    return PersonTraits(
        birth_family_name=received.birth_family_name or received.used_family_name,
        first_birth_given_name=received.first_birth_given_name or received.used_given_name,
        birth_on=received.birth_on,
        sex=received.sex,
        birth_place_code=received.birth_place_code,
    )


def _named(name: str) -> Q:
    """Match a part of the search column; an absent name matches nobody."""
    form = search_form(name)
    return Q(search_text__contains=form) if form.strip() else NOTHING


def _like(received: transit.Person) -> Q:
    """Two of birth name, given name and birth date in common."""
    traits = traits_received(received)
    same_name = _named(traits.birth_family_name)
    same_given = _named(traits.first_birth_given_name)
    same_day = Q(birth_on=traits.birth_on) if traits.birth_on else NOTHING
    return (same_name & (same_given | same_day)) | (same_given & same_day)
