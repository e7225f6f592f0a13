"""Who bears a number."""

from collections.abc import Iterable
from uuid import UUID

from django.db.models import Q

from virage.formats.fhir.names import oid_system
from virage.foundation.access.reach import NOTHING
from virage.foundation.encryption.values import keyed_hashes
from virage.persons.enums import IdentifierKind
from virage.persons.models import PersonIdentifier
from virage.persons.models.people import NUMBER


def hashes_of_numbers(operator_id: UUID, values: Iterable[str]) -> list[str]:
    """Return under which keyed hashes an operator may hold these numbers, whole or local."""
    return keyed_hashes((value.upper() for value in values), NUMBER, operator_id)


def bearing_ins(operator_id: UUID, values: Iterable[str], oid: str = "") -> Q:
    """Match who bears one of these INS, as hers or among the numbers received; an old one is no
    longer.

    Of any registry unless one is named; an empty number is nobody's. One SQL statement, for the
    operator's keys.
    """
    numbers = [value for value in values if value]
    if not numbers:
        return NOTHING
    hashes = hashes_of_numbers(operator_id, numbers)
    hers = Q(ins_hash__in=hashes, ins_oid=oid) if oid else Q(ins_hash__in=hashes)
    received = PersonIdentifier.objects.filter(kind=IdentifierKind.INS, number_hash__in=hashes)
    if oid:
        received = received.filter(system=oid_system(oid))
    return hers | Q(pk__in=received.exclude(use="old").values("person"))
