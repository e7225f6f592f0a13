"""Who may not know: an objection, a sensitive record, a record shared between establishments.

No screen sets these yet: they are written here with their trace, in the director's name.
"""

from collections.abc import Sequence
from datetime import time

from virage.demo import people
from virage.demo.house import House, Seat, Usager, instant
from virage.foundation.access.models import Restriction
from virage.foundation.journal.writing import record
from virage.persons.rules.names import strict_form

HOUR = time(17, 45)
REASON = "Ne souhaite pas que ce professionnel lise son dossier ; entretien avec la direction."


def seed_access(house: House, usagers: Sequence[Usager]) -> None:
    """Close and open the records that the demo shows so."""
    for usager in usagers:
        for person in people.people().remarkable:
            if _is(usager, person):
                _limit(house, usager, person)
    shared = next(usager for usager in usagers if _has_two_establishments(usager, usagers))
    shared.person.subject.is_shared_between_establishments = True
    shared.person.subject.save(update_fields=["is_shared_between_establishments"])
    _journal(house, "subject.share", shared)


def _is(usager: Usager, person: people.RemarkablePerson) -> bool:
    return (
        usager.person.birth_family_name == strict_form(person.birth_family_name)
        and usager.person.birth_on == person.born_on
    )


def _limit(house: House, usager: Usager, person: people.RemarkablePerson) -> None:
    if person.is_sensitive:
        usager.person.subject.is_sensitive = True
        usager.person.subject.save(update_fields=["is_sensitive"])
        _journal(house, "subject.mark_sensitive", usager)
    if person.objects_to:
        seat = _seat_of(house, person.objects_to)
        Restriction.objects.create(
            subject_id=usager.person.subject_id,
            professional_id=seat.professional.pk,
            reason=REASON,
            raised_at=instant(house.days[-1], HOUR),
        )
        _journal(house, "restriction.raise", usager)


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


def _journal(house: House, action: str, usager: Usager) -> None:
    director = next(
        seat
        for seat in house.seats
        if seat.actor.profession == "director"
        and seat.actor.establishment_id == usager.establishment.pk
    )
    actor = director.acting(instant(house.days[-1], HOUR))
    record(actor, action, subject_ids=[usager.person.subject_id])
