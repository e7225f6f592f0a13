"""What the plans room does by itself: every day, telling owners what is due."""

from collections.abc import Mapping
from typing import Any

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from virage.directory.queries import account_with
from virage.plans.actions.due import remind_owners


def remind(_payload: Mapping[str, Any]) -> None:
    """Post the reminders of the day."""
    remind_owners(timezone.now())


def tell_due(payload: Mapping[str, Any]) -> None:
    """Tell the owner of an account how many of his actions, and of the objectives and reviews of
    his plans, are due; nothing once it is closed.

    The mail names neither them nor whom they are about.
    """
    account = account_with(payload["account_id"])
    if not account.is_active:
        return
    text = render_to_string("plans/due.txt", dict(payload))
    send_mail("Virage\u00a0: des échéances arrivent dans vos plans", text, None, [account.email])
