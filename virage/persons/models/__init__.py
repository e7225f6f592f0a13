"""The usager: identity, what surrounds it, and the stays that open the record to a team."""

from virage.persons.models.people import (
    Person,
    PersonAddress,
    PersonIdentifier,
    PersonTelecom,
    PostalAddress,
)
from virage.persons.models.stays import (
    IS_PLANNED,
    Referent,
    Stay,
    StayQuerySet,
    opens_to_unit_at,
)
from virage.persons.models.surroundings import Contact, Coverage, LegalProtection, PersonItem

__all__ = [
    "IS_PLANNED",
    "Contact",
    "Coverage",
    "LegalProtection",
    "Person",
    "PersonAddress",
    "PersonIdentifier",
    "PersonItem",
    "PersonTelecom",
    "PostalAddress",
    "Referent",
    "Stay",
    "StayQuerySet",
    "opens_to_unit_at",
]
