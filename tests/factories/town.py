"""The small town that all tests share: two operators, their structures, and people with names.

Alice is the nurse of unit A and Aude its care assistant; Basile works in unit B of the same home.
Bob and Paule are at the IME. Diane directs the EHPAD, Sofia is its secretary, Denis its physician;
Gaspard directs the whole operator and Tom administers it. Charlie belongs to another operator.
"""

import copy
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from tests.factories.factors import give_telephone
from tests.factories.statements import Statement, write_again, written
from virage.directory import actions, queries
from virage.directory.enums import EstablishmentKind, UsagerWord
from virage.directory.middleware import remember
from virage.directory.models import Establishment, Membership, Operator, Room, Unit
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.encryption import keys, master
from virage.foundation.encryption.models import DataKey
from virage.foundation.journal.models import JournalEvent
from virage.persons.rules.names import strict_form

SINCE = date(2020, 1, 6)
PASSWORD = "un long mot de passe"


@dataclass(frozen=True, kw_only=True)
class Town:
    """Structures by name, and a membership per person."""

    operator: Operator
    ehpad: Establishment
    unit_a: Unit
    unit_b: Unit
    room_a1: Room
    ime: Establishment
    ime_unit: Unit
    other_operator: Operator
    other_ehpad: Establishment
    other_unit: Unit
    alice: Membership
    aude: Membership
    basile: Membership
    denis: Membership
    sofia: Membership
    diane: Membership
    nina: Membership
    bob: Membership
    paule: Membership
    gaspard: Membership
    tom: Membership
    command_line: Membership
    charlie: Membership


def actor_of(membership: Membership, at: datetime | None = None, purpose: str = "") -> Actor:
    """Return who acts in this membership, now unless told."""
    return queries.actor_of(membership, at or timezone.now(), purpose)


def sign_in(client: Client, membership: Membership) -> None:
    """Sign in as this person, in this situation."""
    client.force_login(membership.professional.account)
    session = client.session
    remember(session, membership.pk)
    session.save()


def hire(
    actor: Actor,
    full_name: str,
    profession: str,
    establishment: Establishment | None = None,
    *,
    reach: Reach = Reach.UNITS,
    units: Collection[Unit] = (),
    rpps: str = "",
) -> Membership:
    """Create a professional with an account and one membership, in force since 2020."""
    given_name, family_name = full_name.split(" ", 1)
    professional = actions.create_professional(
        actor, family_name=family_name, given_name=given_name, rpps=rpps
    )
    email = f"{strict_form(given_name).lower()}@{actor.operator_id.hex[-4:]}.example"
    account = actions.open_account(actor, professional=professional, email=email)
    account.set_password(PASSWORD)
    account.save()
    give_telephone(account)
    return actions.open_membership(
        actor,
        professional=professional,
        profession=profession,
        establishment=establishment,
        reach=reach,
        units=units,
        starts_on=SINCE,
    )


# What the making of a town wrote, under which keys: making one takes ten times as long.
_made: dict[tuple[Any, ...], tuple[Town, list[Statement]]] = {}


def build_town() -> Town:
    """Make the town, or write again the rows of the one that this process made first.

    In a database that knows a key already, or under another master key, it is made anew.
    """
    cache.clear()  # no model stands behind it: a test that confirms leaves it to the next
    in_force = tuple(master.keys())
    if in_force in _made and not DataKey.objects.exists():
        town, statements = _made[in_force]
        write_again(statements)
        JournalEvent.objects.update(at=timezone.now())  # or it would be sealed late
        for owner in DataKey.objects.values_list("operator_id", flat=True).order_by("pk"):
            keys.current_key_id(owner)  # read, as whoever makes the town reads them
        return copy.deepcopy(town)
    is_first = not DataKey.objects.exists()
    with written() as statements:
        town = _build_town()
    if is_first:
        _made[tuple(master.keys())] = copy.deepcopy(town), statements
    return town


def _build_town() -> Town:
    """Make the town, through the same actions as the screens."""
    operator = actions.create_operator(name="Association Les Quatre Vents", siren="990000010")
    command_line = queries.system_membership(operator)
    actor = actor_of(command_line)
    ehpad = actions.create_establishment(
        actor,
        name="EHPAD Les Tilleuls",
        kind=EstablishmentKind.EHPAD,
        finess="990000101",
        usager_word=UsagerWord.RESIDENT,
    )
    unit_a = actions.create_unit(actor, establishment=ehpad, name="Rez-de-jardin")
    unit_b = actions.create_unit(actor, establishment=ehpad, name="Premier étage")
    ime = actions.create_establishment(
        actor, name="IME La Clairière", kind=EstablishmentKind.IME, finess="990000200"
    )
    ime_unit = actions.create_unit(actor, establishment=ime, name="Groupe des grands")
    whole = Reach.ESTABLISHMENT
    other_operator = actions.create_operator(name="Fondation du Lac")
    other_actor = actor_of(queries.system_membership(other_operator))
    other_ehpad = actions.create_establishment(
        other_actor, name="EHPAD du Lac", kind=EstablishmentKind.EHPAD, finess="990000309"
    )
    other_unit = actions.create_unit(other_actor, establishment=other_ehpad, name="Le Lac")
    return Town(
        operator=operator,
        ehpad=ehpad,
        unit_a=unit_a,
        unit_b=unit_b,
        room_a1=actions.create_room(actor, unit=unit_a, name="12"),
        ime=ime,
        ime_unit=ime_unit,
        other_operator=other_operator,
        other_ehpad=other_ehpad,
        other_unit=other_unit,
        alice=hire(actor, "Alice Martel", "nurse", ehpad, units=[unit_a]),
        aude=hire(actor, "Aude Lenoir", "care_assistant", ehpad, units=[unit_a]),
        basile=hire(actor, "Basile Roy", "care_assistant", ehpad, units=[unit_b]),
        denis=hire(actor, "Denis Fabre", "physician", ehpad, reach=whole),
        sofia=hire(actor, "Sofia Costa", "secretary", ehpad, reach=whole),
        diane=hire(actor, "Diane Perrin", "director", ehpad, reach=whole),
        nina=hire(actor, "Nina Weber", "night_watch", ehpad, reach=whole),
        bob=hire(actor, "Bob Garnier", "educator", ime, units=[ime_unit]),
        paule=hire(actor, "Paule Henry", "psychologist", ime, reach=whole),
        gaspard=hire(actor, "Gaspard Moulin", "director", reach=Reach.OPERATOR),
        tom=hire(actor, "Tom Vidal", "technical_admin", reach=Reach.NOBODY),
        command_line=command_line,
        charlie=hire(other_actor, "Charlie Dumas", "nurse", other_ehpad, units=[other_unit]),
    )
