"""A session and whose it is. What it holds is in `session_data`; the columns repeat some of it."""

from typing import TYPE_CHECKING, Any

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F

if TYPE_CHECKING:
    Text = models.TextField[str, str]
    Number = models.PositiveSmallIntegerField[int, int]
else:
    Text, Number = models.TextField, models.PositiveSmallIntegerField


class Kept:
    """A column that saving the row leaves as it stands: an UPDATE of its own alone writes it.

    Every request may save its session, with what it read at its beginning.
    """

    def pre_save(self, row: Any, add: bool) -> Any:
        field: Any = self
        return field.get_default() if add else F(field.attname)


class KeptText(Kept, Text):
    """A text that saving leaves alone."""


class KeptNumber(Kept, Number):
    """A number that saving leaves alone."""


class OpenSession(AbstractBaseSession):
    """A browser that someone uses, signed in once `account_id` is known.

    `locked_page` is the page that a locked session opens again on; empty when it is not locked.
    """

    account_id = models.UUIDField("compte", null=True, db_index=True)
    device = models.CharField("appareil", max_length=60, blank=True)
    place = models.CharField("réseau", max_length=60, blank=True)
    opened_at = models.DateTimeField("ouverte le", null=True)
    seen_at = models.DateTimeField("vue le", null=True)
    locked_page = KeptText("verrouillée devant", default="")
    unlock_tries = KeptNumber("essais de déverrouillage", default=0)
