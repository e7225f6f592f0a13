"""What the record already knows of the questions of an instrument: last weight, age."""

from django.db.models import Exists, OuterRef
from django.utils import timezone

from virage.foundation.access.actor import Actor
from virage.foundation.access.models import Restriction
from virage.instruments.enums import NO_RESULT
from virage.instruments.queries import evaluations_of
from virage.instruments.rules.answers import answers_from_json
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.known import measures_in, proposals, takes_measures
from virage.instruments.rules.shipped import shipped
from virage.persons.models import Person
from virage.persons.rules.identity import age_on

# A weighing every day for six months.
LATEST = 200


def known_answers(actor: Actor, person: Person, instrument: Instrument) -> dict[str, str]:
    """Return what is known of the items of an instrument, in words, by item; one SQL statement, or
    none for an instrument that takes no measure.

    Others read the sheet: what is told comes from evaluations of its own volet, and from none that
    is closed to someone.
    """
    age = age_on(person.birth_on, actor.today) if person.birth_on else None
    if not takes_measures(instrument):
        return proposals(instrument, [], age, actor.today)
    closed = Restriction.objects.filter(item_id=OuterRef("pk"), ended_at=None)
    weighed = evaluations_of(actor, person.subject_id).filter(
        ~Exists(closed),
        volet=instrument.volet_of(actor.profession),
        instrument__in={one.id for one in shipped() if takes_measures(one)},
    )
    latest = weighed.exclude(status__in=NO_RESULT).order_by("-happened_at", "-id")
    measures = [
        measure
        for answers, at in latest.values_list("answers", "happened_at")[:LATEST]
        for measure in measures_in(answers_from_json(answers), timezone.localdate(at))
    ]
    return proposals(instrument, measures, age, actor.today)
