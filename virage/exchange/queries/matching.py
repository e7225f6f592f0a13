"""Finding the persons that a received record may be about, in the whole operator.

A match must see persons that the importer does not accompany, or it would make duplicates: it
returns their ids to the import alone, never to a screen.
"""

from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from virage.exchange.rules.matching import INS_SYSTEMS, Candidate, Traits
from virage.formats.tddui import record as transit
from virage.foundation.national_numbers import is_nir_valid
from virage.persons.enums import InsStatus
from virage.persons.models import Person, PersonIdentifier
from virage.persons.rules.names import search_form

LOCAL_SYSTEM = "https://identifiant-medicosocial-localusager.esante.gouv.fr"


def candidates_for(operator_id: UUID, received: transit.Person) -> list[Candidate]:
    """Return every person of the operator who shares a number or the main traits with a file."""
    ins = usable_ins(received)
    local = [i for i in received.identifiers if i.system == LOCAL_SYSTEM]
    has_local = PersonIdentifier.objects.filter(
        person=OuterRef("pk"), system=LOCAL_SYSTEM, value__in=[i.value for i in local]
    )
    persons = (
        Person.objects.filter(operator=operator_id)
        .annotate(has_local=Exists(has_local))
        .filter(Q(has_local=True) | Q(ins_value__in=ins) | _like(received))
        .order_by("id")
    )
    return [
        Candidate(
            person_id=person.pk,
            traits=traits_held(person),
            same_qualified_ins=person.ins_value in ins and person.ins_status == InsStatus.QUALIFIED,
            same_ins=person.ins_value in ins,
            same_local_identifier=person.has_local,
        )
        for person in persons
    ]


def usable_ins(received: transit.Person) -> list[str]:
    """Return the INS of a file that may serve to match: those whose key is right."""
    return [
        identifier.value
        for identifier in received.identifiers
        if identifier.system in INS_SYSTEMS and is_nir_valid(identifier.value)
    ]


def traits_held(person: Person) -> Traits:
    """Return the strict traits of a person of ours."""
    return Traits(
        family_name=person.birth_family_name,
        given_name=person.first_birth_given_name,
        birth_on=person.birth_on,
        sex=person.sex,
        birth_place_code=person.birth_place_code,
    )


def traits_received(received: transit.Person) -> Traits:
    """Return the strict traits that a file says."""
    return Traits(
        family_name=received.birth_family_name or received.used_family_name,
        given_name=received.first_birth_given_name or received.used_given_name,
        birth_on=received.birth_on,
        sex=received.sex,
        birth_place_code=received.birth_place_code,
    )


def _like(received: transit.Person) -> Q:
    """Two of birth name, given name and birth date in common."""
    traits = traits_received(received)
    same_name = Q(search_text__contains=search_form(traits.family_name))
    same_given = Q(search_text__contains=search_form(traits.given_name))
    same_day = Q(birth_on=traits.birth_on) if traits.birth_on else Q(pk__in=[])
    return (same_name & (same_given | same_day)) | (same_given & same_day)
