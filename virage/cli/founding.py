"""`virage init` and `link`: a first establishment, and how its people come in."""

import click
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from virage.cli.preparing import prepare_database
from virage.cli.screen import PORT, site_address, write_text
from virage.directory import actions, queries
from virage.directory.enums import EstablishmentKind
from virage.directory.models import Account
from virage.directory.rules import TECHNICAL_ADMIN
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach

address_option = click.option("--address", help="L’adresse du site, pour le lien affiché.")
KINDS = {kind.name.lower().replace("_", "-"): kind for kind in EstablishmentKind}


@click.command()
@click.option("--operator", prompt="Organisme gestionnaire", help="Sa raison sociale.")
@click.option("--siren", prompt="SIREN", default="", help="Son SIREN, s’il en a un.")
@click.option("--establishment", prompt="Établissement ou service", help="Son nom.")
@click.option("--kind", type=click.Choice(list(KINDS)), default="other", prompt="Catégorie")
@click.option("--finess", prompt="FINESS", default="", help="Son numéro FINESS.")
@click.option("--family-name", prompt="Nom de la personne qui administre")
@click.option("--given-name", prompt="Son prénom")
@click.option("--email", prompt="Son adresse électronique")
@address_option
def init(
    operator: str,
    siren: str,
    establishment: str,
    kind: str,
    finess: str,
    family_name: str,
    given_name: str,
    email: str,
    address: str | None,
) -> None:
    """Crée le premier établissement.

    Avec son organisme gestionnaire et un premier compte, qui administre l'annuaire et ne lit
    aucun dossier. Le mot de passe se choisit par un lien qui ne sert qu'une fois.
    """
    prepare_database()
    with transaction.atomic():
        made = actions.create_operator(name=operator, siren=siren)
        actor = queries.actor_of(queries.system_membership(made), timezone.now(), "init")
        actions.create_establishment(actor, name=establishment, kind=KINDS[kind], finess=finess)
        account = _first_account(actor, family_name, given_name, email)
        path = actions.issue_password_link(actor, account=account)
    write_text(f"« {establishment} » est prêt. {given_name} {family_name} choisit son mot de passe")
    write_text("par ce lien, valable trois jours et une seule fois :\n")
    write_text(_absolute(path, address))


@click.command()
@click.argument("email", metavar="ADRESSE")
@address_option
def link(email: str, address: str | None) -> None:
    """Affiche un lien de mot de passe.

    À remettre en main propre, pour un mot de passe perdu quand aucune messagerie n'est réglée.
    """
    account = queries.account_named(email)
    if account is None:
        raise click.ClickException("Aucun compte n’a cette adresse.")
    membership = queries.system_membership(account.professional.operator)
    actor = queries.actor_of(membership, timezone.now(), "link")
    path = actions.issue_password_link(actor, account=account)
    write_text(_absolute(path, address))


def _first_account(actor: Actor, family_name: str, given_name: str, email: str) -> Account:
    """Open the account of the technical administration, over the whole operator."""
    person = actions.create_professional(actor, family_name=family_name, given_name=given_name)
    actions.open_membership(
        actor,
        professional=person,
        profession=TECHNICAL_ADMIN,
        reach=Reach.NOBODY,
        starts_on=timezone.localdate(),
    )
    return actions.open_account(actor, professional=person, email=email)


def _absolute(path: str, address: str | None) -> str:
    """Return a link; without an address, the first one that the settings know for this site."""
    return (address or site_address(settings.ALLOWED_HOSTS[0], PORT)).rstrip("/") + path
