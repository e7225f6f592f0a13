"""What protects an account: its factors, its code of unlocking, its sessions; and its own journal.

These gestures are an account's, in no situation: they are journalled « at the door ».
"""

from collections.abc import Mapping
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.webauthn.internal.auth import WebAuthn
from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction

from virage.directory.actions.secrets import PIN
from virage.directory.models import Account, Professional
from virage.directory.queries import holder_of
from virage.directory.queries.sign_in import session_mark
from virage.foundation.encryption.values import decrypt, encrypt
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.writing import record_at_the_door
from virage.foundation.sessions.actions import end_sessions
from virage.foundation.sessions.queries import sessions_of

PRIMARY = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def tell(account: Account, action: str, **detail: Any) -> None:
    """Journal what happened to an account at the door; `detail` holds facts, never a secret."""
    owner: Professional = account.professional
    record_at_the_door(
        action,
        account_id=account.pk,
        professional_id=owner.pk,
        operator_id=owner.operator_id,
        name=owner.display_name,
        detail=detail,
    )


def tell_failure(email: str) -> None:
    """Journal a refused sign-in: the same statements whether or not the address is known."""
    holder = holder_of(email)
    record_at_the_door(
        "sign_in.refused",
        account_id=holder.account_id,
        professional_id=holder.professional_id,
        operator_id=holder.operator_id,
        name=holder.name,
    )


@transaction.atomic
def add_totp(account: Account, *, secret: str, session_key: str) -> list[str]:
    """Make an application the second factor, in place of the former one; return rescue codes.

    A first factor ends the sessions other than the present one: a password alone opened them.
    """
    if _lacks_factor(account):
        leave_other_sessions(account, but=session_key)
    Authenticator.objects.filter(user=account, type=Authenticator.Type.TOTP).delete()
    TOTP.activate(account, secret)
    tell(account, "sign_in.totp_added")
    return _renew_codes(account)


@transaction.atomic
def add_passkey(
    account: Account, *, name: str, credential: Mapping[str, Any], session_key: str
) -> list[str]:
    """Add a key; return rescue codes when it is the first factor, nothing otherwise.

    A first factor ends the other sessions, as in `add_totp`.
    """
    is_first = _lacks_factor(account)
    if is_first:
        leave_other_sessions(account, but=session_key)
    WebAuthn.add(account, name, dict(credential))
    tell(account, "sign_in.passkey_added")
    return _renew_codes(account) if is_first else []


@transaction.atomic
def remove_passkey(account: Account, *, key_id: int) -> None:
    """Remove a key; Refused, as hidden, for another's; Invalid for the last factor."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    held = Authenticator.objects.filter(user=account)
    key = held.filter(pk=key_id, type=Authenticator.Type.WEBAUTHN).first()
    if key is None:
        raise Refused.hidden()
    if not held.filter(type__in=PRIMARY).exclude(pk=key.pk).exists():
        raise Invalid({"": ["C’est votre seul second facteur : ajoutez-en un autre d’abord."]})
    key.delete()
    tell(account, "sign_in.passkey_removed")


@transaction.atomic
def renew_codes(account: Account) -> list[str]:
    """Return new rescue codes, shown once; the former ones are void.

    Invalid without a second factor: they stand in for one.
    """
    if _lacks_factor(account):
        raise Invalid({"": ["Ajoutez d’abord un second facteur."]})
    tell(account, "sign_in.codes_renewed")
    return _renew_codes(account)


@transaction.atomic
def set_pin(account: Account, *, pin: str) -> None:
    """Keep the hash of the code by which the owner unlocks a session (`rules.pin_faults`).

    It is encrypted too: a code is short, and a hash found in a copy of the database would give it.
    """
    account.pin = encrypt(make_password(pin), PIN)
    account.save(update_fields=["pin"])
    tell(account, "sign_in.pin_set")


def opens(account: Account, secret: str) -> bool:
    """Whether this unlocks a session of the account: its code, or its password without a code."""
    if account.pin:
        right = check_password(secret, decrypt(account.pin, PIN))
    else:
        right = account.check_password(secret)
    tell(account, "sign_in.unlocked" if right else "sign_in.unlock_refused")
    return right


@transaction.atomic
def take_new_password(account: Account, *, session_key: str) -> None:
    """End the sessions that the former password opened, save the one that changes it.

    Django opens them no more; their rows would still be shown as open.
    """
    others = sessions_of(account.pk).exclude(session_key=session_key)
    end_sessions(account.pk, keys=others.values_list("session_key", flat=True))
    tell(account, "sign_in.password_changed")


@transaction.atomic
def leave_other_sessions(account: Account, *, but: str, one: str = "") -> int:
    """End one's sessions save the present one, or a single one by its mark; return how many."""
    others = sessions_of(account.pk).exclude(session_key=but)
    keys = [key for key in others.values_list("session_key", flat=True) if _is_asked(key, one)]
    count = end_sessions(account.pk, keys=keys)
    tell(account, "sign_in.sessions_ended", count=count)
    return count


def _lacks_factor(account: Account) -> bool:
    """Whether an account has no second factor; who changes them meanwhile waits."""
    Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    return not Authenticator.objects.filter(user=account, type__in=PRIMARY).exists()


def _is_asked(session_key: str, mark: str) -> bool:
    return not mark or session_mark(session_key) == mark


def _renew_codes(account: Account) -> list[str]:
    Authenticator.objects.filter(user=account, type=Authenticator.Type.RECOVERY_CODES).delete()
    codes: list[str] = RecoveryCodes.activate(account).get_unused_codes()
    return codes
