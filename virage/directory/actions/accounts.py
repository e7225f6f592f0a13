"""Sign-in accounts, and the one-time links by which their owners choose a password."""

from django.core.exceptions import ValidationError
from django.db import transaction

from virage.directory.actions.professionals import require_charge
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

PASSWORD_LINK = "directory.password_link"  # noqa: S105 (a topic)


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
            "change depuis la page de connexion.",
        )
    record(actor, "account.issue_link", target=account)
    return password_link(account)


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
