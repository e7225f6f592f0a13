"""Who acts: memberships turned into actors, and what signing in needs."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db.models import Exists, F, OuterRef, Prefetch, QuerySet, Subquery, Value
from django.urls import reverse

from virage.directory.enums import UsagerWord
from virage.directory.models import Account, Membership, MembershipQuerySet, Operator, Unit
from virage.directory.rules import SYSTEM
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.access.matrix import Matrix, compiled
from virage.foundation.access.models import BrisDeGlace, MatrixVersion


class LinkTokens(PasswordResetTokenGenerator):
    """Tokens of one-time links, which die with the situations that they were made for.

    Who hands a link over is judged on the situations of that moment (`account_refusal`): those
    opened later may be wider than his own. Once another has given access, the former link is void.
    """

    def _make_hash_value(self, user: Account, timestamp: int) -> str:
        memberships = Membership.objects.filter(professional=user.professional_id).order_by("pk")
        situations = list(memberships.values_list("pk", "ends_on"))
        made_for = f"{situations}{user.access_given_by_id}"
        return f"{super()._make_hash_value(user, timestamp)}{made_for}"


def actor_for(account: Account, membership_id: UUID, at: datetime) -> Actor | None:
    """Return who acts in this situation; None when it is not the account's, or not in force.

    One SQL statement: it runs on every page.
    """
    others = Membership.objects.active(at).filter(professional=OuterRef("professional"))
    own = (
        _situations(at)
        .active(at)
        .filter(professional__account=account, pk=membership_id)
        .annotate(has_others=Exists(others.exclude(pk=OuterRef("pk"))))
    )
    return _actor(list(own), at, "") if account.is_active else None


def actor_of(membership: Membership, at: datetime, purpose: str = "") -> Actor:
    """Return who acts in this membership, for jobs, commands and tests; no date is judged."""
    actor = _actor(list(_situations(at).filter(pk=membership.pk)), at, purpose)
    if actor is None:
        raise Membership.DoesNotExist(membership.pk)
    return actor


def actor_seen(actor: Actor, membership_id: UUID) -> Actor | None:
    """Return who acts in a membership of the actor's operator; None unless it is in force.

    One SQL statement. What the actor may do with it is judged elsewhere.
    """
    situations = _situations(actor.at).active(actor.at).exclude(profession=SYSTEM)
    rows = situations.filter(pk=membership_id, operator=actor.operator_id)
    return _actor(list(rows), actor.at, "")


def system_membership(operator: Operator) -> Membership:
    """Return the membership « Ligne de commande » of an operator, made with it."""
    return Membership.objects.get(operator=operator, profession=SYSTEM)


def situations_of(account: Account, at: datetime) -> MembershipQuerySet:
    """Return the memberships that an account may act in today, oldest first, units loaded."""
    return (
        Membership.objects.active(at)
        .filter(professional__account=account)
        .select_related("establishment", "operator")
        .prefetch_related(Prefetch("units", Unit.objects.order_by("name", "id")))
        .order_by("starts_on", "id")
    )


def account_with(account_id: UUID | str) -> Account:
    """Return an account, for a job that its own action has posted; raises when there is none."""
    return Account.objects.get(pk=account_id)


def accounts_to_close(day: date) -> QuerySet[Account]:
    """Return the open accounts whose last day is past."""
    accounts = Account.objects.filter(is_active=True, closes_on__lt=day)
    return accounts.select_related("professional").order_by("pk")


def account_named(email: str) -> Account | None:
    """Return the account that signs in with this address, whatever its case, if there is one."""
    accounts = Account.objects.select_related("professional__operator")
    return accounts.filter(email__iexact=email).first()


def ids_behind(email: str) -> tuple[UUID | None, UUID | None]:
    """Return the ids of the open account that signs in with this address and of its operator.

    Only once it has a password: the first one is given by who answers for the account, for the
    address may have been typed by someone else. By the index and without the rows: it takes as
    long for an address that nobody has.
    """
    accounts = Account.objects.filter(email=email.lower(), is_active=True).exclude(
        password__startswith=UNUSABLE_PASSWORD_PREFIX
    )
    return accounts.values_list("pk", "professional__operator_id").first() or (None, None)


def password_link(account: Account) -> str:
    """Return the path of a one-time link by which the owner of an account chooses its password.

    Valid `PASSWORD_RESET_TIMEOUT` seconds, and until a password is chosen, someone signs in, or a
    situation of the account is opened or has another last day.
    """
    token = LinkTokens().make_token(account)
    return reverse("account_reset_password_from_key", args=[account.pk.hex, token])


def _situations(at: datetime) -> MembershipQuerySet:
    """Return memberships with all that an actor holds: one row per unit, one without any."""
    openings = BrisDeGlace.objects.in_force(at).filter(membership_id=OuterRef("pk"))
    situations = with_rights(Membership.objects.all())
    return situations.select_related("professional__account", "establishment", "operator").annotate(
        unit_id=F("units"),
        has_broken_glass=Exists(openings),
        has_others=Value(False),
    )


def with_rights(memberships: MembershipQuerySet) -> MembershipQuerySet:
    """Load with each membership the version of the rights in force at its operator.

    In the same statement: see `rights_of`.
    """
    in_force = MatrixVersion.objects.filter(
        operator_id=OuterRef("operator_id"), number__isnull=False
    ).order_by("-number")
    return memberships.annotate(
        matrix_version_id=Subquery(in_force.values("pk")[:1]),
        matrix_cells=Subquery(in_force.values("cells")[:1]),
    )


def rights_of(membership: Any) -> Matrix:
    """Return the version in force at the operator of a membership loaded `with_rights`."""
    return compiled(membership.matrix_version_id, membership.matrix_cells)


def _actor(rows: Sequence[Any], at: datetime, purpose: str) -> Actor | None:
    """Build the actor from the rows of one membership (`_situations`)."""
    if not rows:
        return None
    membership = rows[0]
    account = getattr(membership.professional, "account", None)
    establishment = membership.establishment
    word = establishment.usager_word if establishment else UsagerWord.USAGER
    return Actor(
        account_id=account.pk if account else None,
        membership_id=membership.pk,
        professional_id=membership.professional_id,
        operator_id=membership.operator_id,
        establishment_id=membership.establishment_id,
        profession=membership.profession,
        matrix=rights_of(membership),
        reach=Reach(membership.reach),
        unit_ids=tuple(sorted(row.unit_id for row in rows if row.unit_id)),
        at=at,
        display_name=membership.professional.display_name,
        profession_label=membership.profession_label,
        establishment_name=membership.structure.name,
        establishment_finess=membership.establishment.finess if membership.establishment else "",
        people_word=UsagerWord(word).plural,
        purpose=purpose,
        has_other_situations=membership.has_others,
        has_broken_glass=membership.has_broken_glass,
    )
