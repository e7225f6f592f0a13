"""When a message is tried again."""

from datetime import timedelta

MAX_ATTEMPTS = 8
# A worker that dies leaves its message to the others after this long.
LEASE = timedelta(minutes=15)
LONGEST_WAIT = timedelta(hours=1)
# What is done is kept this long for whoever asks what became of it. A key names one row, whose work
# is asked for once: nothing posts it again so late.
KEPT = timedelta(days=90)


def delay_before(attempt: int) -> timedelta:
    """Return how long to wait before this attempt: 30 s, doubled each time, one hour at most."""
    return min(timedelta(seconds=30 * 2 ** max(0, attempt - 2)), LONGEST_WAIT)
