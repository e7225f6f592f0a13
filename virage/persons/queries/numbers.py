"""Who bears a number."""

from collections.abc import Iterable

from django.db.models import Q

from virage.formats.fhir.names import oid_system
from virage.foundation.access.reach import NOTHING
from virage.persons.enums import IdentifierKind
from virage.persons.models import PersonIdentifier


def bearing_ins(values: Iterable[str], oid: str = "") -> Q:
    """Match who bears one of these INS, as hers or among the numbers received; an old one is no
    longer.

    Of any registry unless one is named; an empty number is nobody's.
    """
    numbers = [value for value in values if value]
    if not numbers:
        return NOTHING
    hers = Q(ins_value__in=numbers, ins_oid=oid) if oid else Q(ins_value__in=numbers)
    received = PersonIdentifier.objects.filter(kind=IdentifierKind.INS, value__in=numbers)
    if oid:
        received = received.filter(system=oid_system(oid))
    return hers | Q(pk__in=received.exclude(use="old").values("person"))
