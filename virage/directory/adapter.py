"""What allauth asks of us."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from virage.directory.actions import choose_situation, request_password_link
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

    def send_password_reset_mail(self, user: Any, email: str, context: dict[str, Any]) -> None:
        """Leave the mail to the outbox: nothing outside is called inside a web request.

        The link leads to the address of the site if it is known, not to one that a visitor says.
        """
        asked_at = context["request"].build_absolute_uri("/")
        request_password_link(user, site=next(iter(settings.CSRF_TRUSTED_ORIGINS), asked_at))
