"""What the directory sends outside."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.mail import send_mail
from django.template.loader import render_to_string

from virage.directory.actions.imports import write_table
from virage.directory.queries import account_with, password_link


def send_password_link(payload: Mapping[str, Any]) -> None:
    """Send the owner of an account a link to choose a password, made now: it is stored nowhere.

    Nothing is sent when nobody has the address that was asked for.
    """
    if payload["account_id"] is None:
        return
    account = account_with(payload["account_id"])
    link = payload["site"].rstrip("/") + password_link(account)
    send_mail(
        "Choisir votre mot de passe Virage",
        render_to_string("directory/password_link.txt", {"link": link}),
        None,
        [account.email],
    )


def write_imported_table(payload: Mapping[str, Any]) -> None:
    """Write a table of the directory; a second call finds it already written."""
    write_table(UUID(payload["import_id"]))
