"""Sign-in accounts, and the one-time links by which their owners choose a password."""

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction

from virage.directory.actions.professionals import require_charge
from virage.directory.actions.sign_in import tell
from virage.directory.actions.structures import saved_alone
from virage.directory.models import Account, Professional
from virage.directory.queries import ids_behind, password_link
from virage.directory.rules import SYSTEM
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Invalid, Refused
from virage.foundation.ids import new_id
from virage.foundation.journal.writing import record
from virage.foundation.outbox.actions import post
from virage.foundation.outbox.enums import Priority
from virage.foundation.sessions.actions import end_sessions

PASSWORD_LINK = "directory.password_link"  # noqa: S105 (a topic)
ACCESS_RESET = "directory.access_reset"


@transaction.atomic
def open_account(actor: Actor, *, professional: Professional, email: str) -> Account:
    """Open a sign-in account without a password: a one-time link lets its owner choose one.

    Refused as `account_refusal` says; Invalid when the professional has an account, or when the
    address is another's or none at all.
    """
    require_charge(actor, professional)
    try:
        Account._meta.get_field("email").clean(email, None)
    except ValidationError as error:
        raise Invalid({"email": error.messages}) from error
    if Account.objects.filter(professional=professional).exists():
        raise Invalid({"": ["Ce professionnel a déjà un compte."]})
    account = Account(professional=professional, email=email.lower())
    account.set_unusable_password()
    with saved_alone(
        account, Account.objects.all(), "email", "Un compte utilise déjà cette adresse."
    ):
        account.save(force_insert=True)
    record(actor, "account.open", target=account)
    return account


@transaction.atomic
def issue_password_link(actor: Actor, *, account: Account) -> str:
    """Return the path of a one-time link, to be handed to the owner of an account.

    Its bearer may sign for the owner: refused to those who could not open each of the owner's
    situations (`account_refusal`), and to all once a password has been chosen; save to the command
    line, whose user holds the database anyway.
    """
    require_charge(actor, account.professional)
    if account.has_usable_password() and actor.profession != SYSTEM:
        raise Refused(
            "password_chosen",
            "Le titulaire de ce compte a déjà choisi son mot de passe. S’il l’a oublié, il en "
            "change depuis la page de connexion, ou vous lui redonnez accès face à face.",
        )
    record(actor, "account.issue_link", target=account)
    return password_link(account)


@transaction.atomic
def invite(actor: Actor, *, account: Account, site: str) -> None:
    """Have the link of a first password mailed to the owner; refused as `issue_password_link`.

    The link is made when it leaves, and stored nowhere. `site` is the address asked from.
    """
    require_charge(actor, account.professional)
    if account.has_usable_password():
        raise Refused("password_chosen", "Le titulaire de ce compte a déjà son mot de passe.")
    record(actor, "account.invite", target=account)
    post(
        PASSWORD_LINK,
        key=f"{PASSWORD_LINK}:{new_id()}",
        operator_id=actor.operator_id,
        payload={"account_id": str(account.pk), "site": site, "is_invitation": True},
        priority=Priority.URGENT,
    )


@transaction.atomic
def reset_access(actor: Actor, *, account: Account, has_seen: bool) -> str:
    """Take back password, second factor, code and sessions; return the path of a one-time link.

    Face to face, when the mail is down or the telephone lost: the manager says that she has seen
    the person. Refused for oneself and as `account_refusal` says. Its owner is told by mail. A
    closed account opens again.
    """
    require_charge(actor, account.professional)
    if account.professional_id == actor.professional_id:
        raise Refused(
            "own_account",
            "Nul ne se redonne accès à soi-même.",
            whom_to_ask="une autre personne qui gère les comptes",
        )
    if not has_seen:
        raise Invalid({"has_seen": ["Ce geste se fait en présence de la personne."]})
    current = Account.objects.select_for_update().get(pk=account.pk)
    current.set_unusable_password()
    current.pin, current.is_active, current.closes_on = "", True, None
    current.save(update_fields=["password", "pin", "is_active", "closes_on"])
    Authenticator.objects.filter(user=current).delete()
    end_sessions(current.pk)
    record(actor, "account.reset", target=current)
    post(
        ACCESS_RESET,
        key=f"{ACCESS_RESET}:{new_id()}",
        operator_id=actor.operator_id,
        payload={"account_id": str(current.pk), "by": actor.display_name},
    )
    return password_link(current)


@transaction.atomic
def end_account_sessions(actor: Actor, *, account: Account) -> int:
    """End the sessions of another's account; refused as `account_refusal` says."""
    require_charge(actor, account.professional)
    count = end_sessions(account.pk)
    record(actor, "account.end_sessions", target=account, detail={"count": count})
    return count


@transaction.atomic
def close_account(account: Account) -> None:
    """Close an account on the day said when its owner's departure was noted."""
    account.is_active = False
    account.save(update_fields=["is_active"])
    end_sessions(account.pk)
    tell(account, "account.close")


@transaction.atomic
def request_password_link(email: str, *, site: str) -> None:
    """Have a link to choose a password mailed to who signs in with an address, if anyone does.

    `site` is the address asked from. Whoever asks is not signed in: no actor, and nothing in the
    journal of what people did. A message is posted for nobody too: no answer may take longer.
    """
    account_id, operator_id = ids_behind(email)
    post(
        PASSWORD_LINK,
        key=f"{PASSWORD_LINK}:{new_id()}",
        operator_id=operator_id,
        payload={"account_id": account_id and str(account_id), "site": site},
        priority=Priority.URGENT,
    )
