"""The telephones of the town: everybody holds the same application, and types its codes."""

import time

from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value
from django.core.cache import cache

from virage.directory.models import Account

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"  # noqa: S105


def give_telephone(account: Account) -> None:
    """Give an account the town's application as second factor."""
    TOTP.activate(account, SECRET)


def code_at(steps: int = 0, secret: str = SECRET) -> str:
    """Return the code shown now, or so many half-minutes later."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps))


def fresh_code(account: Account) -> str:
    """Return a code that this account has not used yet: each one serves once."""
    codes = [code_at(steps) for steps in (0, -1, 1)]
    return next(one for one in codes if cache.get(f"virage.code:{account.pk}:{one}") is None)
