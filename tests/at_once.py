"""Several people who act at the same instant, each on a connection of his own."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from virage.foundation.errors import DomainError


def at_once(*acts: Callable[[], object]) -> list[bool]:
    """Act in as many threads, which start together; say which ones went through."""
    start = Barrier(len(acts))

    def go(act: Callable[[], object]) -> bool:
        start.wait()
        try:
            act()
        except DomainError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(acts)) as people:
        return list(people.map(go, acts))
