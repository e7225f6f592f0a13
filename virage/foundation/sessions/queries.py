"""Reading the sessions of an account."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from virage.foundation.sessions.models import OpenSession


def open_sessions() -> QuerySet[OpenSession]:
    """Return the sessions that have not ended, signed in or not, in no order."""
    return OpenSession.objects.filter(expire_date__gt=timezone.now())


def sessions_of(account_id: UUID) -> QuerySet[OpenSession]:
    """Return the sessions in which an account is signed in, the last used first."""
    return open_sessions().filter(account_id=account_id).order_by("-seen_at", "session_key")
