"""Reading people: professionals of the operator, and their memberships."""

from datetime import datetime
from uuid import UUID

from django.db.models import Case, F, Prefetch, Q, QuerySet, When

from virage.directory.models import (
    Account,
    Establishment,
    Membership,
    MembershipQuerySet,
    Operator,
    Professional,
    Unit,
)
from virage.directory.rules import DIRECTOR, SYSTEM
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Refused


def professionals_of(actor: Actor) -> QuerySet[Professional]:
    """Return the professionals of the operator by name, the command line left out.

    In the order of a dictionary: É stands with E, which neither database does by itself.
    """
    ours = Membership.objects.filter(operator=actor.operator_id)
    professionals = Professional.objects.filter(operator=actor.operator_id).exclude(
        pk__in=ours.filter(profession=SYSTEM).values("professional")
    )
    return professionals.select_related("account").order_by("search_text", "id")


def staff_in(
    actor: Actor,
    staff: QuerySet[Professional],
    *,
    state: str = "",
    establishment: Establishment | None = None,
) -> QuerySet[Professional]:
    """Keep professionals by where they work now: there, and `present` anywhere, or `absent` from
    everywhere though of the house; `external` are those who come from outside.
    """
    present = Membership.objects.active(actor.at).filter(operator=actor.operator_id)
    if establishment:
        there = present.filter(establishment=establishment)
        staff = staff.filter(pk__in=there.values("professional"))
    if state == "present":
        return staff.filter(pk__in=present.values("professional"))
    if state == "absent":
        return staff.filter(is_external=False).exclude(pk__in=present.values("professional"))
    return staff.filter(is_external=True) if state == "external" else staff


def professional_of(actor: Actor, professional_id: UUID) -> Professional:
    """Return a professional of the operator; Refused, as not existing, for any other."""
    professional = professionals_of(actor).filter(pk=professional_id).first()
    if professional is None:
        raise Refused.hidden()
    return professional


def account_of(professional: Professional) -> Account:
    """Return the account of a professional given by `professional_of`; Refused without one."""
    account: Account | None = getattr(professional, "account", None)
    if account is None:
        raise Refused(
            "no_account", "Ce professionnel n’a pas de compte. On en ouvre un depuis sa fiche."
        )
    return account


def memberships_of(actor: Actor) -> MembershipQuerySet:
    """Return the memberships of the operator, the command line's left out: those in force first,
    those to come, then those over, the last to end first.
    """
    is_over = Q(ends_on__lt=actor.today)
    standing = Case(When(is_over, then=2), When(starts_on__gt=actor.today, then=1), default=0)
    return (
        Membership.objects.filter(operator=actor.operator_id)
        .exclude(profession=SYSTEM)
        .select_related("professional", "establishment", "operator")
        .prefetch_related(Prefetch("units", Unit.objects.order_by("name", "id")))
        .order_by(standing, F("ends_on").desc(nulls_first=True), "-starts_on", "-id")
    )


def membership_of(actor: Actor, membership_id: UUID) -> Membership:
    """Return a membership of the operator; Refused, as not existing, for any other."""
    membership = memberships_of(actor).filter(pk=membership_id).first()
    if membership is None:
        raise Refused.hidden()
    return membership


def privacy_recipients(operator_id: UUID, at: datetime, *, but: UUID | None = None) -> list[str]:
    """Return the addresses to tell what touches the protection of data; for a job.

    Those that the operator gave for it; without any, those of its direction on that day, save the
    professional whose own gesture is told. Nobody may be left.
    """
    if addresses := Operator.objects.get(pk=operator_id).privacy_addresses:
        return addresses
    directors = Membership.objects.active(at).filter(operator=operator_id, profession=DIRECTOR)
    accounts = Account.objects.filter(
        is_active=True, professional__in=directors.values("professional")
    ).exclude(professional=but)
    return list(accounts.order_by("email").values_list("email", flat=True))
