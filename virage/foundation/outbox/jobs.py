"""The worker: delivers what the outbox holds, for as long as it runs."""

import logging
import time
from collections.abc import Callable

from django.db import Error, close_old_connections

from virage.foundation.outbox.actions import arm, drain

PAUSE_S = 1.0
logger = logging.getLogger(__name__)


def work(is_asked_to_stop: Callable[[], bool]) -> None:
    """Deliver what is due, wait a second, and again, until told to stop; never mid-message.

    A database that does not answer is tried again at the same pace.
    """
    while not is_asked_to_stop():
        close_old_connections()
        try:
            arm()
            drain(is_asked_to_stop)
        except Error:  # a DatabaseError, or a connection that was lost
            logger.exception("The database does not answer; trying again")
        time.sleep(PAUSE_S)
