"""What a command waits for: the outbox treats it now, or a worker that took it first."""

import time
from collections.abc import Callable
from typing import Any

from virage.foundation.outbox.actions import drain
from virage.foundation.outbox.enums import MessageState
from virage.foundation.outbox.models import Message

WORKER_PAUSE_S = 0.2
DEFECT = (
    "Un défaut du logiciel a interrompu l’import ; rien n’a été écrit. Le travail de fond "
    "essaiera de nouveau."
)


def is_treated(item: Any, *, waits_as: str, delivery_of: Callable[[Any], Message | None]) -> bool:
    """Have the outbox treat an item now, until it is no longer in the state of what waits.

    `delivery_of` returns its message. False when a defect of ours interrupted it.
    """
    drain()
    item.refresh_from_db()
    while item.state == waits_as:
        asked = delivery_of(item)
        if asked and (asked.last_error or asked.state == MessageState.DEAD):
            return False
        time.sleep(WORKER_PAUSE_S)
        drain()
        item.refresh_from_db()
    return True
