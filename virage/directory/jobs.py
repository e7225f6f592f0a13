"""What the directory sends outside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import timezone

from virage.directory.actions.accounts import close_account
from virage.directory.actions.imports import write_table
from virage.directory.queries import (
    account_with,
    accounts_to_close,
    password_link,
    privacy_recipients,
)
from virage.foundation.outbox.actions import one_at_a_time


def send_password_link(payload: Mapping[str, Any]) -> None:
    """Send the owner of an account a link to choose a password, made now: it is stored nowhere.

    Nothing is sent when nobody has the address that was asked for.
    """
    if payload["account_id"] is None:
        return
    account = account_with(payload["account_id"])
    link = payload["site"].rstrip("/") + password_link(account)
    is_invitation = payload.get("is_invitation", False)
    send_mail(
        "Votre accès à Virage" if is_invitation else "Choisir votre mot de passe Virage",
        render_to_string("directory/password_link.txt", {"link": link}),
        None,
        [account.email],
    )


def write_imported_table(payload: Mapping[str, Any]) -> None:
    """Write a table of the directory; a second call finds it already written."""
    write_table(UUID(payload["import_id"]))


def send_access_reset(payload: Mapping[str, Any]) -> None:
    """Tell the owner of an account that access was given back, should it not be his doing."""
    account = account_with(payload["account_id"])
    send_mail(
        "Votre accès à Virage a été redonné",
        render_to_string("directory/access_reset.txt", {"by": payload["by"]}),
        None,
        [account.email],
    )


def tell_access_given(payload: Mapping[str, Any]) -> None:
    """Tell who protects the data that an account which reads health was handed over, and by whom.

    The mail names the two of them, and no one whose record it is.
    """
    owner = account_with(payload["account_id"]).professional
    at = datetime.fromisoformat(payload["at"])
    shown = {"owner": owner, "by": payload["by"], "at": at}
    text = render_to_string("directory/access_given.txt", shown)
    told = privacy_recipients(owner.operator_id, at, but=UUID(payload["by_id"]))
    for address in one_at_a_time(told):
        send_mail("Un accès à des données de santé a été remis", text, None, [address])


def tell_privacy_changed(payload: Mapping[str, Any]) -> None:
    """Tell those who were told what touches the protection of data that the addresses changed."""
    shown = {"by": payload["by"], "at": datetime.fromisoformat(payload["at"])}
    text = render_to_string("directory/privacy_changed.txt", shown)
    for address in one_at_a_time(payload["addresses"]):
        send_mail("Les adresses de la protection des données ont changé", text, None, [address])


def close_left_accounts(payload: Mapping[str, Any]) -> None:
    """Close the accounts of those who have left."""
    for account in accounts_to_close(timezone.localdate()):
        close_account(account)
