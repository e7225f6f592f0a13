"""Who may not know, and who knew in an emergency: an objection, a sensitive record, a record shared
between establishments, a bris de glace.

The first three are set in the name of the director of the establishment, or of the whole operator
to share; the last is a nurse's, at night, and waits for its review.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import time, timedelta

from django.db.models import F
from django.http import QueryDict

from virage.demo import people
from virage.demo.house import House, Seat, Usager, instant
from virage.foundation.access.actor import Actor
from virage.foundation.access.emergency import VOLET
from virage.foundation.access.enums import Reach
from virage.foundation.access.models import BrisDeGlace
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.outbox.enums import MessageState
from virage.foundation.outbox.models import Message
from virage.persons.actions import (
    break_the_glass,
    mark_sensitive,
    open_medical_volet,
    raise_restriction,
    share_between_establishments,
)
from virage.persons.enums import BRIS_DE_GLACE_TOLD
from virage.persons.models import Person
from virage.persons.queries import open_record
from virage.persons.queries.emergency import emergency_sheet
from virage.persons.rules.names import strict_form
from virage.record.queries.timeline import FactFilter, facts_of

HOUR = time(17, 45)
AT_NIGHT, A_MINUTE = time(3, 12), timedelta(minutes=1)
EMERGENCY = "Trouvée au sol près de son lit, consciente. Seule infirmière du bâtiment cette nuit."
REASON = "Ne souhaite pas que ce professionnel lise son dossier ; entretien avec la direction."


def seed_access(house: House, usagers: Sequence[Usager]) -> None:
    """Close and open the records that the demo shows so."""
    for usager in usagers:
        for person in people.people().remarkable:
            if _is(usager, person):
                _limit(house, usager, person)
    shared = next(usager for usager in usagers if _has_two_establishments(usager, usagers))
    share_between_establishments(_director(house), person=shared.person, agreed_on=house.days[-1])
    _break_the_glass(house, usagers)


def _break_the_glass(house: House, usagers: Sequence[Usager]) -> None:
    """Have a nurse open, two nights ago, the record of a woman of the unit next to hers."""
    day = house.days[-2]
    seat, usager = next(
        (seat, usager)
        for seat in house.seats
        for usager in usagers
        if (seat.actor.profession, seat.actor.reach) == ("nurse", Reach.UNITS)
        and seat.actor.establishment_id == usager.establishment.pk
        and not seat.reaches(usager.establishment, usager.unit)
        and usager.is_female
        and usager.is_there_on(day)
        and not any(_is(usager, person) for person in people.people().remarkable)
    )
    asking = seat.acting(instant(day, AT_NIGHT))
    open_in_emergency(asking, usager.person, "fall", EMERGENCY)
    reading = replace(asking, has_broken_glass=True, at=asking.at + A_MINUTE)
    open_medical_volet(reading, person_id=usager.person.pk)
    with collecting_reads():
        record = open_record(reading, usager.person.pk, in_emergency=True)
        facts_of(reading, record.person, FactFilter(volets=(VOLET,)), QueryDict())
    mail_has_left()


def open_in_emergency(asking: Actor, person: Person, motive: str, reason: str) -> BrisDeGlace:
    """Break the glass, and read the emergency sheet that it opens."""
    opening = break_the_glass(asking, person_id=person.pk, motive=motive, reason=reason)
    with collecting_reads():
        emergency_sheet(replace(asking, has_broken_glass=True), person.pk)
    return opening


def mail_has_left() -> None:
    """Send none of the mails of the past, of which the terminal would tell whoever starts this."""
    told = Message.objects.filter(topic=BRIS_DE_GLACE_TOLD, state=MessageState.PENDING)
    told.update(state=MessageState.DONE, done_at=F("created_at"))


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
