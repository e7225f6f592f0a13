"""Who may not know: an objection, a sensitive record, a record shared between establishments.

They are set in the name of the director of the establishment, or of the whole operator to share.
"""

from collections.abc import Sequence
from datetime import time

from virage.demo import people
from virage.demo.house import House, Seat, Usager, instant
from virage.foundation.access.actor import Actor
from virage.persons.actions import (
    mark_sensitive,
    raise_restriction,
    share_between_establishments,
)
from virage.persons.rules.names import strict_form

HOUR = time(17, 45)
REASON = "Ne souhaite pas que ce professionnel lise son dossier ; entretien avec la direction."


def seed_access(house: House, usagers: Sequence[Usager]) -> None:
    """Close and open the records that the demo shows so."""
    for usager in usagers:
        for person in people.people().remarkable:
            if _is(usager, person):
                _limit(house, usager, person)
    shared = next(usager for usager in usagers if _has_two_establishments(usager, usagers))
    share_between_establishments(_director(house), person=shared.person, agreed_on=house.days[-1])


def _is(usager: Usager, person: people.RemarkablePerson) -> bool:
    return (
        usager.person.birth_family_name == strict_form(person.birth_family_name)
        and usager.person.birth_on == person.born_on
    )


def _limit(house: House, usager: Usager, person: people.RemarkablePerson) -> None:
    director = _director(house, usager)
    if person.is_sensitive:
        mark_sensitive(director, person=usager.person, is_sensitive=True)
    if person.objects_to:
        whom = _seat_of(house, person.objects_to).professional
        raise_restriction(director, person=usager.person, professional=whom, reason=REASON)


def _seat_of(house: House, name: people.StaffName) -> Seat:
    return next(
        seat
        for seat in house.seats
        if (seat.professional.family_name, seat.professional.given_name) == name[:2]
    )


def _has_two_establishments(usager: Usager, usagers: Sequence[Usager]) -> bool:
    return any(
        other.person == usager.person and other.establishment != usager.establishment
        for other in usagers
    )


def _director(house: House, usager: Usager | None = None) -> Actor:
    """Return the direction of the establishment where the usager stays, or of the operator."""
    establishment_id = usager.establishment.pk if usager else None
    director = next(
        seat
        for seat in house.seats
        if (seat.actor.profession, seat.actor.establishment_id) == ("director", establishment_id)
    )
    return director.acting(instant(house.days[-1], HOUR))
