"""The jobs of the journal: to seal it, every minute, and to send its last head away, every day."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import send_mail

from virage.foundation.journal.models import JournalSeal
from virage.foundation.journal.sealing import seal_journal


def seal(_payload: Mapping[str, Any]) -> None:
    """Seal what waits."""
    seal_journal()


def mail_head(_payload: Mapping[str, Any]) -> None:
    """Send the last head to `VIRAGE_JOURNAL_MAIL`, where nobody of this machine can change it.

    Nothing is sent without an address, or before the first seal. A head says nothing of anyone.
    """
    last = JournalSeal.objects.order_by("-number").first()
    if not settings.JOURNAL_MAIL or last is None:
        return
    send_mail(
        f"Journal Virage\N{NO-BREAK SPACE}: bloc {last.number}",
        f"{last.number} {last.head}\n\n"
        "Gardez ce message. Si un doute naît sur le journal, donnez cette ligne à la commande\n"
        f'virage journal verify --head "{last.number} {last.head}"\n',
        None,
        [settings.JOURNAL_MAIL],
    )
