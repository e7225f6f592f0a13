"""Having what stopped in the outbox tried again."""

from uuid import UUID

from django.db import transaction

from virage.directory.queries.tasks import all_tasks, find_task
from virage.foundation.access.actor import Actor
from virage.foundation.journal.writing import record
from virage.foundation.outbox.actions import take_all_up_again, take_up_again


@transaction.atomic
def retry_task(actor: Actor, *, task_id: UUID) -> bool:
    """Have a task that stopped tried again; False when someone already did.

    Refused unless the actor manages the directory of the whole operator, as hidden for a task of
    another one.
    """
    task = find_task(actor, task_id)
    is_taken_up = take_up_again(task)
    if is_taken_up:
        record(actor, "task.retry", target=task, detail={"topic": task.topic})
    return is_taken_up


@transaction.atomic
def retry_tasks(actor: Actor) -> int:
    """Have every task that stopped tried again, as after a relay that was away; return how many.

    Refused unless the actor manages the directory of the whole operator.
    """
    count = take_all_up_again(all_tasks(actor))
    if count:
        record(actor, "task.retry", detail={"count": count})
    return count
