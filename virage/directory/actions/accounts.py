"""Sign-in accounts, and the one-time links by which their owners choose a password."""

from collections.abc import Collection
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.core.exceptions import ValidationError
from django.db import transaction

from virage.directory.actions.professionals import require_charge
from virage.directory.actions.sign_in import tell
from virage.directory.actions.structures import saved_alone
from virage.directory.models import Account, Membership, Professional
from virage.directory.queries import actor_of, ids_behind, membership_refusal, password_link
from virage.directory.rules import SYSTEM, reads_health
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Invalid, Refused
from virage.foundation.ids import new_id
from virage.foundation.journal.writing import record
from virage.foundation.outbox.actions import post
from virage.foundation.outbox.enums import Priority
from virage.foundation.sessions.actions import end_sessions

PASSWORD_LINK = "directory.password_link"  # noqa: S105 (a topic)
ACCESS_RESET = "directory.access_reset"
ACCESS_GIVEN = "directory.access_given"


@transaction.atomic
def open_account(actor: Actor, *, professional: Professional, email: str) -> Account:
    """Open a sign-in account without a password: a one-time link lets its owner choose one.

    Refused as `account_refusal` says; Invalid when the professional has an account, or when the
    address is another's or none at all.
    """
    _require_charge(actor, professional)
    try:
        Account._meta.get_field("email").clean(email, None)
    except ValidationError as error:
        raise Invalid({"email": error.messages}) from error
    if Account.objects.filter(professional=professional).exists():
        raise Invalid({"": ["Ce professionnel a déjà un compte."]})
    account = Account(
        professional=professional, email=email.lower(), access_given_by_id=actor.membership_id
    )
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
    situations (`account_refusal`), while there is none, and to all once a password has been chosen;
    save to the command line, whose user holds the database anyway.
    """
    _require_charge(actor, account.professional)
    if account.has_usable_password() and actor.profession != SYSTEM:
        raise Refused(
            "password_chosen",
            "Le titulaire de ce compte a déjà choisi son mot de passe. S’il l’a oublié, il en "
            "change depuis la page de connexion, ou vous lui redonnez accès face à face.",
        )
    _note_giver(actor, account)
    record(actor, "account.issue_link", target=account)
    return password_link(account)


@transaction.atomic
def invite(actor: Actor, *, account: Account, site: str) -> None:
    """Have the link of a first password mailed to the owner; refused as `issue_password_link`.

    The link is made when it leaves, and stored nowhere. `site` is the address asked from.
    """
    _require_charge(actor, account.professional)
    if account.has_usable_password():
        raise Refused("password_chosen", "Le titulaire de ce compte a déjà son mot de passe.")
    _note_giver(actor, account)
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
    the person. Refused for oneself, without a situation, and as `account_refusal` says. Its owner
    is told by mail. A closed account opens again.
    """
    _require_charge(actor, account.professional)
    if account.professional_id == actor.professional_id:
        raise Refused(
            "own_account",
            "Nul ne se redonne accès à soi-même.",
            whom_to_ask="une autre personne qui gère les comptes",
        )
    if not has_seen:
        raise Invalid({"has_seen": ["Ce geste se fait en présence de la personne."]})
    current = Account.objects.select_for_update(no_key=True).get(pk=account.pk)
    _note_giver(actor, current)
    current.is_active = True
    if current.closes_on and current.closes_on < actor.today:
        current.closes_on = None
    current.save(update_fields=["is_active", "closes_on"])
    _take_back(current)
    record(actor, "account.reset", target=current)
    post(
        ACCESS_RESET,
        key=f"{ACCESS_RESET}:{new_id()}",
        operator_id=actor.operator_id,
        payload={"account_id": str(current.pk), "by": actor.display_name},
    )
    return password_link(current)


def take_back_if_wider(actor: Actor, *memberships: Membership) -> None:
    """Take back the access of who gets a situation that the last one to give it could not open.

    That one may hold the password: a new link is due, from someone who could. Whoever could, and
    opens it himself, has given this access alone: it is told.
    """
    holders = {one.professional_id for one in memberships}
    _hold(holders)
    given = Account.objects.select_for_update(no_key=True).filter(professional__in=holders)
    accounts = {one.professional_id: one for one in given.order_by("id")}
    for membership in memberships:
        account = accounts.get(membership.professional_id)
        if account is None or not account.access_given_by or not account.has_usable_password():
            continue
        giver = actor_of(account.access_given_by, actor.at)
        is_alone = giver.professional_id == actor.professional_id and actor.profession != SYSTEM
        if membership_refusal(giver, membership):
            _take_back(account)
            record(actor, "account.take_back", target=account)
        elif is_alone and reads_health(actor.matrix, membership.profession):
            _tell_given(actor, account)


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


def _require_charge(actor: Actor, professional: Professional) -> None:
    """Raise as `require_charge`, of situations that nobody can open any more meanwhile."""
    _hold({professional.pk})
    require_charge(actor, professional)


def _hold(professional_ids: Collection[UUID]) -> None:
    """Have one wait for the other: who gives an access, and who opens a situation to its owner.

    Each would judge without what the other writes.
    """
    cards = Professional.objects.select_for_update(no_key=True).filter(pk__in=professional_ids)
    list(cards.order_by("id").values_list("pk"))


def _note_giver(actor: Actor, account: Account) -> None:
    """Note who gives the access, told when health may be read with it.

    Refused while no situation says to what.
    """
    situations = Membership.objects.filter(professional=account.professional_id)
    professions = list(situations.not_ended(actor.at).values_list("profession", flat=True))
    if actor.profession != SYSTEM and not professions:
        raise Refused(
            "no_situation",
            "Ouvrez d’abord la situation de ce professionnel : elle dit à quoi son compte donne "
            "accès, et qui peut le remettre.",
        )
    account.access_given_by_id = actor.membership_id
    account.save(update_fields=["access_given_by"])
    if any(reads_health(actor.matrix, one) for one in professions):
        _tell_given(actor, account)


def _tell_given(actor: Actor, account: Account) -> None:
    """Have it told who gave an access to health; two people are not needed to give one."""
    payload = {
        "account_id": str(account.pk),
        "by": actor.display_name,
        "by_id": str(actor.professional_id),
        "at": actor.at.isoformat(),
    }
    post(
        ACCESS_GIVEN,
        key=f"{ACCESS_GIVEN}:{new_id()}",
        operator_id=actor.operator_id,
        payload=payload,
    )


def _take_back(account: Account) -> None:
    """Void what opens an account: password, second factors, code, sessions."""
    account.set_unusable_password()
    account.pin = ""
    account.save(update_fields=["password", "pin"])
    Authenticator.objects.filter(user=account).delete()
    end_sessions(account.pk)
