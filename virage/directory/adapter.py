"""What allauth asks of us: how one signs in, what counts as an attempt, how factors are kept."""

import time
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal import ratelimit
from allauth.core.ratelimit import clear
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import salted_hmac

from virage.directory.actions import choose_situation
from virage.directory.actions.secrets import FACTOR
from virage.directory.actions.sign_in import take_new_password, tell, tell_failure
from virage.directory.middleware import act_as, remember
from virage.directory.queries import factor_state, situations_of
from virage.foundation.encryption.values import decrypt, encrypt
from virage.foundation.sessions.rules import device_of, place_of
from virage.foundation.sessions.store import DEVICE, OPENED, PLACE

# The browsers from which an address has signed in have attempts of their own: whoever tries that
# address elsewhere cannot keep its owner out.
KNOWN = "virage_known"  # a cookie
KNOWN_AGE_S = 90 * 24 * 3600
KNOWN_MOST = 40


class PasswordHasher(Argon2PasswordHasher):
    """argon2id with what a small machine can give: 46 MiB, as OWASP asks at the least."""

    time_cost = 2
    memory_cost = 47_104
    parallelism = 1


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are opened by those who manage the directory, never by their owner."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": "L’adresse électronique ou le mot de passe est faux.",
        "too_many_login_attempts": "Trop de tentatives : attendez quelques minutes, puis "
        "recommencez. La personne qui gère les comptes peut aussi vous redonner accès.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        tell_failure(credentials.get("email", ""))

    def set_password(self, user: Any, password: str) -> None:
        super().set_password(user, password)
        take_new_password(user, session_key=self.request.session.session_key or "")

    def logout(self, request: HttpRequest) -> None:
        if request.user.is_authenticated:
            tell(request.user, "sign_in.left")
        super().logout(request)

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in; whoever has one situation today has chosen it by signing in."""
        super().login(request, user)
        now = timezone.now()
        request.session[DEVICE] = device_of(self.get_http_user_agent(request))
        request.session[PLACE] = place_of(self.get_client_ip(request))
        request.session[OPENED] = time.time()
        remember(request.session, None, factor_state(user, now))
        tell(user, "sign_in.done", device=request.session[DEVICE], place=request.session[PLACE])
        situations = situations_of(user, now)[:2]
        if len(situations) == 1:
            act_as(request, choose_situation(user, membership_id=situations[0].pk, at=now))

    def post_login(self, request: HttpRequest, user: Any, **given: Any) -> HttpResponse:
        """Let this browser be known as one of this address."""
        response = super().post_login(request, user, **given)
        known = [one for one in _known_by(request) if one != _mark(user.email)]
        value = signing.dumps([*known, _mark(user.email)][-KNOWN_MOST:], salt=KNOWN)
        response.set_cookie(
            KNOWN,
            value,
            max_age=KNOWN_AGE_S,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
        return response

    def _delete_login_attempts_cached_email(self, request: HttpRequest, **given: Any) -> None:
        """Forget the wrong passwords once another is chosen, wherever they were typed."""
        key = self._get_login_attempts_cache_key(request, **given)
        for action in ("login_failed", "login_failed_known"):
            clear(request, action=action, key=key)

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt; from a known browser apart, whatever its neighbours type."""
        if _mark(credentials.get("email", "")) not in _known_by(request):
            super().pre_authenticate(request, **credentials)
            return
        self._login_failed_rl_usage = ratelimit.consume(
            request,
            app="allauth.account",
            action="login_failed_known",
            key=self._get_login_attempts_cache_key(request, **credentials),
        )
        if not self._login_failed_rl_usage:
            raise self.validation_error("too_many_login_attempts")


class FactorAdapter(DefaultMFAAdapter):
    """Keeps the secrets of second factors encrypted."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "Ce code est faux, ou il n’est plus valable.",
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text, FACTOR)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text, FACTOR)


def _mark(email: str) -> str:
    """Return what stands for an address in a cookie, which must not tell it."""
    return salted_hmac(KNOWN, email.lower()).hexdigest()[:12]


def _known_by(request: HttpRequest) -> list[str]:
    try:
        known: list[str] = signing.loads(request.COOKIES[KNOWN], salt=KNOWN, max_age=KNOWN_AGE_S)
    except (KeyError, signing.BadSignature):
        return []
    return known
