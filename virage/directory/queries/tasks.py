"""The tasks of the outbox, for who answers for the site: no content, no name, no address."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone

from virage.directory.rules import require_management
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Refused
from virage.foundation.outbox.actions import label_of
from virage.foundation.outbox.enums import MessageState
from virage.foundation.outbox.models import Message
from virage.foundation.outbox.queries import messages_in_progress, messages_of, stopped_messages
from virage.foundation.ui.paging import Column, Paging, paginate

COLUMNS = (
    Column("Tâche"),
    Column("Demandée le", "created", ("created_at",)),
    Column("Incident"),
    Column("Suite"),
)


@dataclass(frozen=True)
class TaskRow:
    """A task that stopped or goes on, with its name in French."""

    task: Message
    label: str


def stopped_tasks(actor: Actor, query: QueryDict) -> Paging[TaskRow]:
    """Return a page of the tasks of the operator, and of the whole site, that did not go through.

    Refused unless the actor manages the directory of the whole operator.
    """
    require_management(actor)
    page: Paging[Any] = paginate(stopped_messages(actor.operator_id), query, COLUMNS)
    return replace(page, rows=[TaskRow(one, label_of(one.topic)) for one in page.rows])


def tasks_in_progress(actor: Actor) -> list[TaskRow]:
    """Return the long tasks that say how far they have come; refused as `stopped_tasks`."""
    require_management(actor)
    return [TaskRow(one, label_of(one.topic)) for one in messages_in_progress(actor.operator_id)]


def count_waiting(actor: Actor) -> int:
    """Return how many tasks wait their turn; refused as `stopped_tasks`."""
    require_management(actor)
    due = messages_of(actor.operator_id).filter(next_at__lte=timezone.now())
    return due.filter(state=MessageState.PENDING, last_error="").count()


def all_tasks(actor: Actor) -> QuerySet[Message]:
    """Return all of them, whatever their state; refused as `stopped_tasks`."""
    require_management(actor)
    return messages_of(actor.operator_id)


def find_task(actor: Actor, task_id: UUID) -> Message:
    """Return one of them, whatever its state; Refused, as hidden, for another operator's."""
    task = all_tasks(actor).filter(pk=task_id).first()
    if task is None:
        raise Refused.hidden()
    return task
