"""The operator, what it runs, who works there and under which account."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, time, timedelta

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password

from virage.demo import people
from virage.demo.house import House, Seat, instant
from virage.directory import actions
from virage.directory.models import Account, Establishment, Professional, Room, Unit
from virage.directory.queries import actor_of, system_membership
from virage.foundation.access.actor import Actor

# The situations of the staff began before everything that the records tell.
IN_POST_DAYS = 3 * 365


def seed_directory(
    plan: people.Structures,
    staff: Sequence[people.StaffMember],
    *,
    today: date,
    history_days: int,
) -> House:
    """Create an operator, its establishments and its staff."""
    operator = actions.create_operator(name=plan.operator.name, siren=plan.operator.siren)
    at = instant(today - timedelta(days=IN_POST_DAYS), time(9))
    command_line = system_membership(operator)
    system = actor_of(command_line, at)
    establishments = {each.key: _establishment(system, each) for each in plan.establishments}
    units: dict[str, Unit] = {}
    rooms: dict[str, list[Room]] = {}
    for each in plan.establishments:
        for unit_plan in each.units:
            unit = actions.create_unit(
                system, establishment=establishments[each.key], name=unit_plan.name
            )
            units[unit.name] = unit
            rooms[unit.name] = [
                actions.create_room(system, unit=unit, name=name) for name in unit_plan.rooms
            ]
    seats = [
        seat for member in staff for seat in _hire(system, member, establishments, units, at.date())
    ]
    return House(
        today=today,
        history_days=history_days,
        plan=plan,
        operator=operator,
        establishments=establishments,
        units=units,
        rooms=rooms,
        seats=seats,
        command_line=Seat(membership=command_line, actor=system),
    )


def _establishment(actor: Actor, plan: people.EstablishmentPlan) -> Establishment:
    return actions.create_establishment(
        actor,
        name=plan.name,
        kind=plan.kind,
        finess=plan.finess,
        siret=plan.siret,
        address=f"{plan.address.street}, {plan.address.postal_code} {plan.address.city}",
        usager_word=plan.usager_word,
    )


def _hire(
    actor: Actor,
    member: people.StaffMember,
    establishments: Mapping[str, Establishment],
    units: Mapping[str, Unit],
    since: date,
) -> list[Seat]:
    professional = actions.create_professional(
        actor,
        family_name=member.name.family,
        given_name=member.name.given,
        civility=member.name.civility,
        rpps=member.rpps,
        profession_name=member.title,
    )
    actions.open_account(actor, professional=professional, email=member.email)
    return [
        _seat(actor, professional, situation, establishments, units, since)
        for situation in member.situations
    ]


def _seat(
    actor: Actor,
    professional: Professional,
    situation: people.Situation,
    establishments: Mapping[str, Establishment],
    units: Mapping[str, Unit],
    since: date,
) -> Seat:
    membership = actions.open_membership(
        actor,
        professional=professional,
        profession=situation.profession,
        establishment=establishments.get(situation.establishment),
        reach=situation.reach,
        units=[units[name] for name in situation.units],
        starts_on=since,
    )
    return Seat(membership=membership, actor=actor_of(membership, actor.at))


def give_password(emails: Iterable[str], password: str) -> None:
    """Give the accounts one password, hashed once: each hash takes a third of a second."""
    accounts = Account.objects.filter(email__in=emails)
    accounts.update(password=make_password(password))


def give_factor(emails: Iterable[str], secret: str) -> None:
    """Give the accounts one application as second factor."""
    kept = get_adapter().encrypt(secret)
    Authenticator.objects.bulk_create(
        Authenticator(user=account, type=Authenticator.Type.TOTP, data={"secret": kept})
        for account in Account.objects.filter(email__in=emails).order_by("email")
    )
