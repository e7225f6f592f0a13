"""What allauth asks of us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils import timezone

from virage.directory.actions import choose_situation
from virage.directory.middleware import act_as
from virage.directory.queries import situations_of


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by those who manage the directory, never by their owner."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "L’adresse électronique ou le mot de passe est faux.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in; whoever has one situation today has chosen it by signing in."""
        super().login(request, user)
        now = timezone.now()
        situations = situations_of(user, now)[:2]
        if len(situations) == 1:
            act_as(request, choose_situation(user, membership_id=situations[0].pk, at=now))
