"""Reading the sessions of an account."""

from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from virage.foundation.sessions.models import OpenSession


def sessions_of(account_id: UUID) -> QuerySet[OpenSession]:
    """Return the sessions in which an account is signed in, the last used first."""
    sessions = OpenSession.objects.filter(account_id=account_id, expire_date__gt=timezone.now())
    return sessions.order_by("-seen_at", "session_key")
