"""Ending sessions."""

from collections.abc import Collection
from uuid import UUID

from virage.foundation.sessions.queries import open_sessions, sessions_of


def end_sessions(account_id: UUID, *, keys: Collection[str] | None = None) -> int:
    """End the sessions of an account, or those with these keys alone; return how many ended.

    Their next request finds nobody signed in.
    """
    sessions = sessions_of(account_id)
    if keys is not None:
        sessions = sessions.filter(session_key__in=keys)
    # Twice: a session whose key was changing has a new row, which the first statement did not see.
    return sum(sessions.delete()[0] for _ in range(2))


def end_all_sessions() -> None:
    """End every session of the site: everyone signs in again."""
    open_sessions().delete()
