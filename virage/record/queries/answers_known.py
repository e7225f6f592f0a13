"""What the record already knows of the questions of an instrument: weights, height, age."""

from virage.foundation.access.actor import Actor
from virage.instruments.queries import measures_of
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.known import proposals
from virage.persons.models import Person
from virage.persons.rules.identity import age_on


def known_answers(actor: Actor, person: Person, instrument: Instrument) -> dict[str, str]:
    """Return what is known today of the items of an instrument, in words, by item; one SQL
    statement, or none for an instrument that takes no measure.
    """
    age = age_on(person.birth_on, actor.today) if person.birth_on else None
    volet = instrument.volet_of(actor.profession)
    measures = measures_of(actor, person.subject_id, instrument, volet)
    return proposals(instrument, {}, measures, age, actor.today)
