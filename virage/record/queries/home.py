"""What the home page says of the record: the latest transmissions, one's own withdrawn, what is to
be assessed again."""

from dataclasses import replace
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.journal.collector import saw
from virage.foundation.ui.home import Card, Line
from virage.instruments.models import Evaluation
from virage.instruments.queries import offered_to
from virage.record.enums import NoteStatus
from virage.record.models import Note
from virage.record.queries.assessments import SOON_DAYS
from virage.record.queries.notes import notes_visible_to, refusal_to_restore
from virage.record.queries.reminders import due_evaluations
from virage.record.queries.tabs import closed_told
from virage.record.rules import excerpt

SINCE = timedelta(hours=72)
WITHDRAWN_SINCE = timedelta(days=15)
LINES = 5
NOTHING_ENTERED = "Rien n’a été saisi depuis 72 heures dans les volets que vous lisez."


def latest_notes_card(actor: Actor) -> Card | None:
    """Return the latest facts among the transmissions entered in the last 72 hours, journalled.

    One SQL statement; what the actor does not read is not among them, and there is no card for a
    profession that reads no volet.
    """
    if not actor.readable_volets:
        return None
    # Whom a bris de glace opens is in no list. Named besides the access rule, the operator and the
    # hour let the index do the work.
    of_the_team = replace(actor, has_broken_glass=False)
    recent = notes_visible_to(of_the_team).filter(
        operator_id=actor.operator_id, recorded_at__gte=actor.at - SINCE
    )
    recent = recent.exclude(status=NoteStatus.WITHDRAWN).select_related("subject__person")
    notes = list(recent.order_by("-happened_at", "-id")[:LINES])
    for note in notes:
        saw(actor, "note.latest", [note.subject_id], [note.volet])
    return Card(
        title="Dernières transmissions",
        icon="message-square-text",
        summary="" if notes else NOTHING_ENTERED + closed_told(actor),
        lines=tuple(_line(note) for note in notes),
    )


def withdrawn_notes_card(actor: Actor) -> Card | None:
    """Return the actor's own transmissions that others withdrew in the last 15 days, journalled.

    One SQL statement; no card when there is none, or for a profession that writes in no volet.
    """
    if not actor.writable_volets:
        return None
    own = notes_visible_to(actor).filter(author=actor.professional_id, status=NoteStatus.WITHDRAWN)
    withdrawn = own.filter(withdrawn_at__gte=actor.at - WITHDRAWN_SINCE)
    withdrawn = withdrawn.exclude(withdrawn_by=actor.professional_id)
    withdrawn = withdrawn.select_related("subject__person", "withdrawn_by")
    notes = list(withdrawn.order_by("-withdrawn_at", "-id")[:LINES])
    if not notes:
        return None
    for note in notes:
        saw(actor, "note.latest", [note.subject_id], [note.volet])
    may_restore = any(refusal_to_restore(actor, note) is None for note in notes)
    return Card(
        title="Vos transmissions retirées",
        icon="undo-2",
        summary="Un collègue les a retirées d’un dossier."
        + (" Vous pouvez les rétablir." if may_restore else ""),
        lines=tuple(_withdrawn_line(note) for note in notes),
    )


def due_evaluations_card(actor: Actor) -> Card | None:
    """Return the evaluations to be made again, of those present, journalled.

    The most overdue first; one SQL statement, none for a profession that answers no instrument, and
    no card when nothing is due within `SOON_DAYS`.
    """
    answered = {one.id for one in offered_to(actor)}
    if not answered:
        return None
    today = timezone.localdate(actor.at)
    due = due_evaluations(actor, by=today + timedelta(days=SOON_DAYS))
    due = due.filter(instrument__in=answered).select_related("subject__person")
    shown = list(due.defer("answers", "scores").order_by("due_on", "id")[:LINES])
    if not shown:
        return None
    for one in shown:
        saw(actor, "evaluation.due", [one.subject_id], [one.volet])
    return Card(
        title="Évaluations à refaire",
        icon="clipboard-list",
        summary="",
        lines=tuple(_due_line(one, today) for one in shown),
    )


def _due_line(evaluation: Evaluation, today: date) -> Line:
    person, due_on = evaluation.subject.person, evaluation.due_on
    overdue = due_on is not None and due_on < today
    return Line(
        label=f"{person.display_name} · {evaluation.title}",
        url=reverse("record:evaluations", args=[person.pk]),
        note=f"{'depuis' if overdue else 'pour'} le {due_on:%d/%m/%Y}",
    )


def _withdrawn_line(note: Note) -> Line:
    person = note.subject.person
    return Line(
        label=f"{person.display_name} · {Volet(note.volet).label}",
        url=reverse("record:note", args=[person.pk, note.pk]),
        at=note.withdrawn_at,
        note=f"par {note.withdrawn_by}" if note.withdrawn_by else "",
        text=note.withdrawn_reason,
    )


def _line(note: Note) -> Line:
    person = note.subject.person
    return Line(
        label=f"{person.display_name} · {Volet(note.volet).label}",
        url=reverse("record:note", args=[person.pk, note.pk]),
        at=note.happened_at,
        note=note.author_name,
        text=excerpt(note.text),
    )
