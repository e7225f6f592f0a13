"""The job of the drafts: to erase every day those that are too old."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from virage.foundation.drafts.actions import erase_old


def expire(_payload: Mapping[str, Any]) -> None:
    """Erase what is older than `VIRAGE_DRAFT_DAYS`."""
    at = timezone.now()
    erase_old(at - timedelta(days=settings.DRAFT_DAYS), at)
