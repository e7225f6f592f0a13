"""The engine of sessions (SESSION_ENGINE): Django's own, with columns that queries can use."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY as ACCOUNT
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.exceptions import SessionInterrupted
from django.db import transaction
from django.db.models import F, QuerySet
from django.db.models.functions import Greatest

from virage.foundation.sessions.models import OpenSession

# What a session holds of itself, beside what Django and the rooms put there.
DEVICE, PLACE, OPENED, SEEN = "device", "place", "opened", "seen"
UNLOCK_TRIES = 5


class SessionStore(DatabaseStore):
    """Keeps each session in a row that says whose it is, from what and since when.

    Its lock is read with it, and written by itself: what other requests of the session save
    meanwhile neither undoes the lock nor gives back a try.
    """

    _locked_page = ""
    _is_lock_due = False

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

    def get_expiry_date(self, **given: Any) -> datetime:
        """Return when it ends, counted from its opening: to use it does not make it last."""
        opened_at = _instant(self.get(OPENED))
        if opened_at is None:
            return super().get_expiry_date(**given)
        return opened_at + timedelta(seconds=self.get_session_cookie_age())

    def _get_session_from_db(self) -> OpenSession | None:
        row: OpenSession | None = super()._get_session_from_db()  # type: ignore[misc] # not in the stubs
        self._locked_page = row.locked_page if row else ""
        return row

    @property
    def locked_page(self) -> str:
        """The page that the lock opens again on; empty when the session is not locked."""
        self.keys()  # reads the row, if nothing has yet
        return self._locked_page

    def lock(self, page: str) -> None:
        """Shut the session, which opens again on this page; `write_lock` then writes it."""
        self._locked_page, self._is_lock_due = page, True

    def write_lock(self) -> None:
        """Write the lock, when there is one to write: once answered, for a GET writes nothing."""
        if not self._is_lock_due:
            return
        self._is_lock_due = False
        if not self._rows().update(locked_page=self._locked_page):
            # Another request has given the session a new key meanwhile: found by its opening.
            opened_at = _instant(self.get(OPENED))
            same = OpenSession.objects.filter(account_id=self.get(ACCOUNT), opened_at=opened_at)
            same.exclude(opened_at=None).update(locked_page=self._locked_page)

    def take_try(self) -> bool:
        """Take one of the tries left to open the lock, before judging it; False without any."""
        left = self._rows().filter(unlock_tries__lt=UNLOCK_TRIES)
        return bool(left.update(unlock_tries=F("unlock_tries") + 1))

    def has_tries(self) -> bool:
        """Whether a try is left."""
        return self._rows().filter(unlock_tries__lt=UNLOCK_TRIES).exists()

    def unlock(self) -> str:
        """Open the session again; return the page that it was locked on.

        The right code gives back its own try alone: the wrong ones count for the whole session.
        """
        page, self._locked_page, self._is_lock_due = self.locked_page, "", False
        left = Greatest(F("unlock_tries") - 1, 0)
        self._rows().update(locked_page="", unlock_tries=left)
        return page

    def wrong_tries(self) -> int:
        """Return how many wrong codes were tried on this session."""
        return self._rows().values_list("unlock_tries", flat=True).first() or 0

    def cycle_key(self) -> None:
        """Change the key; a lock noted meanwhile follows, and one under way finds the new row.

        SessionInterrupted when the session was ended meanwhile: a new key would bring it back.
        """
        with transaction.atomic():
            former = self._rows().select_for_update(no_key=True).first()
            if former is None and self.session_key:
                raise SessionInterrupted("The session was ended while its key was to change.")
            super().cycle_key()
            self.save()
            if former and former.locked_page:
                self.lock(former.locked_page)
                self.write_lock()

    def _rows(self) -> QuerySet[OpenSession]:
        return OpenSession.objects.filter(session_key=self.session_key)


def _instant(seconds: float | None) -> datetime | None:
    return datetime.fromtimestamp(seconds, UTC) if seconds is not None else None
