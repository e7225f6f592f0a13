"""What opens accounts, encrypted under the site's key: codes, and the secrets of second factors."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.db import transaction

from virage.directory.models import Account
from virage.foundation.encryption.models import SITE
from virage.foundation.encryption.values import encrypt_again

# What each is encrypted for.
PIN, FACTOR = "unlocking code", "account.factor"
# Where the library of second factors writes what its adapter encrypted.
SECRET_KEYS = ("secret", "seed", "migrated_codes")


def encrypt_secrets_again(owner: UUID) -> Iterator[Any]:
    """Encrypt under the site's key in force what is not, and give the ids of the rows."""
    if owner != SITE:
        return
    for account in Account.objects.exclude(pin="").order_by("pk"):
        pin = encrypt_again(account.pin, PIN)
        # Unless he chose another meanwhile.
        if pin and Account.objects.filter(pk=account.pk, pin=account.pin).update(pin=pin):
            yield account.pk
    for row_id in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        if _factor_again(row_id):
            yield row_id


@transaction.atomic
def _factor_again(row_id: int) -> bool:
    """Encrypt the secrets of one factor again; a code used meanwhile waits, for it writes there."""
    factor = Authenticator.objects.select_for_update(no_key=True).filter(pk=row_id).first()
    if factor is None:
        return False
    again = {name: _again(factor.data[name]) for name in SECRET_KEYS if name in factor.data}
    if all(factor.data[name] == value for name, value in again.items()):
        return False
    factor.data |= again
    factor.save(update_fields=["data"])
    return True


def _again(held: Any) -> Any:
    if isinstance(held, list):
        return [_again(one) for one in held]
    return encrypt_again(held, FACTOR) or held
