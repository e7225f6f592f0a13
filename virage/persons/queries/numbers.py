"""Who bears a number."""

from django.db.models import Q

from virage.formats.fhir.names import oid_system
from virage.persons.enums import IdentifierKind
from virage.persons.models import PersonIdentifier


def bearing_ins(value: str, oid: str = "") -> Q:
    """Match who bears this INS, as hers or among the numbers received; an old one is no longer.

    Of any registry unless one is named; an empty number is nobody's.
    """
    if not value:
        return Q(pk__in=[])
    hers = Q(ins_value=value, ins_oid=oid) if oid else Q(ins_value=value)
    received = PersonIdentifier.objects.filter(kind=IdentifierKind.INS, value=value)
    if oid:
        received = received.filter(system=oid_system(oid))
    return hers | Q(pk__in=received.exclude(use="old").values("person"))
