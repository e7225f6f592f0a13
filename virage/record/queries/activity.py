"""How much was done for a person, week by week, among what the actor reads."""

from datetime import timedelta
from typing import Any

from django.db.models import CharField, Count, QuerySet, Value
from django.db.models.functions import TruncWeek

from virage.agenda.queries import events_of
from virage.documents.queries import documents_of
from virage.foundation.access.actor import Actor
from virage.foundation.calendar import PARIS, in_paris, midnight
from virage.foundation.ui.charts import Chart, Series
from virage.instruments.queries import evaluations_of
from virage.persons.models import Person
from virage.record.enums import FactKind, NoteStatus
from virage.record.queries.counts import LABELS
from virage.record.queries.notes import notes_visible_to

WEEKS = 12


def weekly_activity(actor: Actor, person: Person) -> Chart:
    """Return the facts of the last twelve weeks, this one included, by kind.

    What the actor does not read is not counted, nor what was withdrawn; journalled with the
    timeline that stands above. One SQL statement.
    """
    monday = actor.today - timedelta(days=actor.today.weekday())
    mondays = [monday - timedelta(weeks=back) for back in reversed(range(WEEKS))]
    since, until = midnight(mondays[0]), midnight(monday + timedelta(weeks=1))
    parts = [
        _by_week(items.filter(happened_at__gte=since, happened_at__lt=until), kind)
        for kind, items in _read(actor, person)
    ]
    counted: dict[tuple[str, Any], int] = {}
    for kind, week, number in parts[0].union(*parts[1:], all=True):
        counted[kind, in_paris(week).date()] = number
    return Chart(
        id="activity",
        title="Activité des douze dernières semaines",
        labels=tuple(f"{day:%d/%m}" for day in mondays),
        kind="stacked",
        series=tuple(
            Series(label, tuple(float(counted.get((kind, day), 0)) for day in mondays))
            for kind, label in LABELS.items()
        ),
    )


def _read(actor: Actor, person: Person) -> list[tuple[FactKind, QuerySet[Any]]]:
    subject_id = person.subject_id
    notes = notes_visible_to(actor).filter(subject=subject_id).exclude(status=NoteStatus.WITHDRAWN)
    return [
        (FactKind.NOTE, notes),
        (FactKind.EVENT, events_of(actor, subject_id)),
        (FactKind.EVALUATION, evaluations_of(actor, subject_id)),
        (FactKind.DOCUMENT, documents_of(actor, subject_id)),
    ]


def _by_week(items: QuerySet[Any], kind: FactKind) -> QuerySet[Any, Any]:
    weeks = items.order_by().annotate(week=TruncWeek("happened_at", tzinfo=PARIS)).values("week")
    numbers: QuerySet[Any, Any] = weeks.annotate(
        number=Count("pk"), kind=Value(kind.value, output_field=CharField())
    ).values_list("kind", "week", "number")
    return numbers
