"""The engine of sessions (SESSION_ENGINE): Django's own, with columns that queries can use."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY as ACCOUNT
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from virage.foundation.sessions.models import OpenSession

# What a session holds of itself, beside what Django and the rooms put there.
DEVICE, PLACE, OPENED, SEEN = "device", "place", "opened", "seen"


class SessionStore(DatabaseStore):
    """Keeps each session in a row that says whose it is, from what and since when."""

    @classmethod
    def get_model_class(cls) -> type[OpenSession]:
        return OpenSession

    def create_model_instance(self, data: Mapping[str, Any]) -> OpenSession:
        row: Any = super().create_model_instance(dict(data))
        row.account_id = data.get(ACCOUNT)
        row.device = data.get(DEVICE, "")
        row.place = data.get(PLACE, "")
        row.opened_at = _instant(data.get(OPENED))
        row.seen_at = _instant(data.get(SEEN))
        opened: OpenSession = row
        return opened


def _instant(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
