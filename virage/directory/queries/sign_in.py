"""What signing in needs to know of an account, and what is shown of it."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils.crypto import salted_hmac

from virage.directory.models import Account, Membership
from virage.directory.queries.actors import rights_of, with_rights
from virage.directory.rules import needs_second_factor
from virage.foundation.access.matrix import Matrix
from virage.foundation.content import nomenclature
from virage.foundation.journal.models import JournalEvent
from virage.foundation.sessions.queries import sessions_of

HISTORY = 50
HELD, MISSING, OPTIONAL = "held", "missing", "optional"


class Holder(NamedTuple):
    """The owner of an address, or nobody."""

    account_id: UUID | None = None
    professional_id: UUID | None = None
    operator_id: UUID | None = None
    name: str = ""


class Factors(NamedTuple):
    """What an account holds beside its password."""

    has_totp: bool
    passkeys: list[Authenticator]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether there is a second factor."""
        return self.has_totp or bool(self.passkeys)


class SessionShown(NamedTuple):
    """A browser in which the account is signed in."""

    mark: str
    device: str
    place: str
    opened_at: datetime | None
    seen_at: datetime | None
    is_current: bool


class Gesture(NamedTuple):
    """A line of the history of an account; a connection has its device and its network."""

    at: datetime
    label: str
    by: str
    is_alarming: bool
    device: str
    place: str


def sessions_shown(account: Account, *, current: str | None = None) -> list[SessionShown]:
    """Return the open sessions of an account, the last used first."""
    return [
        SessionShown(
            session_mark(one.session_key),
            one.device,
            one.place,
            one.opened_at,
            one.seen_at,
            one.session_key == current,
        )
        for one in sessions_of(account.pk)
    ]


def session_mark(session_key: str) -> str:
    """Return what names a session on a screen, where its key must never stand."""
    return salted_hmac("virage.session", session_key).hexdigest()[:20]


def holder_of(email: str) -> Holder:
    """Return who signs in with an address; nobody for an unknown one, in the same statement."""
    found = (
        Account.objects.filter(email=email.lower())
        .values_list(
            "pk",
            "professional_id",
            "professional__operator_id",
            "professional__given_name",
            "professional__family_name",
        )
        .first()
    )
    return Holder(*found[:3], name=f"{found[3]} {found[4]}".strip()) if found else Holder()


def factors_of(account: Account) -> Factors:
    """Return the factors of an account, without any secret."""
    held = list(Authenticator.objects.filter(user=account).order_by("created_at", "pk"))
    by_type = {one.type: one for one in held}
    rescue = by_type.get(Authenticator.Type.RECOVERY_CODES)
    return Factors(
        Authenticator.Type.TOTP in by_type,
        [one for one in held if one.type == Authenticator.Type.WEBAUTHN],
        len(rescue.wrap().get_unused_codes()) if rescue else 0,
    )


def factor_state(account: Account, at: datetime) -> str:
    """Return whether a second factor is held, missing or optional (`rules.needs_second_factor`).

    Every situation in force or to come counts, whichever one is chosen.
    """
    held = Authenticator.objects.filter(user=account)
    if held.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        return HELD
    memberships = Membership.objects.filter(professional__account=account).not_ended(at)
    situations = with_rights(memberships.order_by("pk"))
    is_due = any(must_hold_factor(rights_of(one), one.profession) for one in situations)
    return MISSING if is_due else OPTIONAL


def must_hold_factor(rights: Matrix, profession: str) -> bool:
    """Whether this profession may act only behind a second factor, as this site is set."""
    return needs_second_factor(rights, profession, everybody=settings.SECOND_FACTOR == "all")


def history_of(account: Account) -> list[Gesture]:
    """Return what happened to an account, latest first: at the door, or by who manages it."""
    events = JournalEvent.objects.filter(target_id=account.pk, is_write=True)
    labels = nomenclature.get("door_gesture")
    return [
        Gesture(
            event.at,
            labels.label(event.action),
            "" if event.professional_id == account.professional_id else event.actor_name,
            event.action.endswith("refused"),
            event.detail.get("device", ""),
            event.detail.get("place", ""),
        )
        for event in events.order_by("-at", "-id")[:HISTORY]
    ]
