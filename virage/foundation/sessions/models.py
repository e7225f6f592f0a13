"""A session and whose it is. What it holds is in `session_data`; the columns repeat some of it."""

from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models


class OpenSession(AbstractBaseSession):
    """A browser that someone uses, signed in once `account_id` is known."""

    account_id = models.UUIDField("compte", null=True, db_index=True)
    device = models.CharField("appareil", max_length=60, blank=True)
    place = models.CharField("réseau", max_length=60, blank=True)
    opened_at = models.DateTimeField("ouverte le", null=True)
    seen_at = models.DateTimeField("vue le", null=True)
