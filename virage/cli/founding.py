"""`virage init` and `link`: a first establishment, and how its people come in."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import click
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from virage.cli.preparing import open_site
from virage.cli.screen import PORT, site_address, write_text
from virage.directory import actions, queries
from virage.directory.enums import EstablishmentKind
from virage.directory.models import Account, Operator
from virage.directory.rules import TECHNICAL_ADMIN
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach

address_option = click.option("--address", help="L’adresse du site, pour le lien affiché.")
KINDS = {kind.name.lower().replace("_", "-"): kind for kind in EstablishmentKind}


class StructureOption(click.Option):
    """What to found: not asked for where an import has founded it already."""

    def prompt_for_value(self, ctx: click.Context) -> Any:
        return None if _founded_by_import(ctx) else super().prompt_for_value(ctx)


structure_option = partial(click.option, cls=StructureOption)


@click.command()
@structure_option("--operator", prompt="Organisme gestionnaire", help="Sa raison sociale.")
@structure_option("--siren", prompt="SIREN", default="", help="Son SIREN, s’il en a un.")
@structure_option("--establishment", prompt="Établissement ou service", help="Son nom.")
@structure_option(
    "--kind",
    type=click.Choice(list(KINDS)),
    default="other",
    prompt="Catégorie",
    help="Sa catégorie.",
)
@structure_option("--finess", prompt="FINESS", default="", help="Son numéro FINESS.")
@click.option("--family-name", prompt="Nom de la personne qui administre", help="Son nom.")
@click.option("--given-name", prompt="Son prénom", help="Son prénom.")
@click.option("--email", prompt="Son adresse électronique", help="Celle de son compte.")
@address_option
@click.pass_context
def init(
    ctx: click.Context,
    /,
    family_name: str,
    given_name: str,
    email: str,
    address: str | None,
    **structure: str | None,
) -> None:
    """Crée le premier établissement et le premier compte.

    Ou le premier compte seul, quand un import a créé l'établissement. Ce compte administre
    l'annuaire et ne lit aucun dossier ; son mot de passe se choisit par un lien qui ne sert
    qu'une fois.
    """
    founded = _founded_by_import(ctx)
    is_another = founded is None and queries.has_operator()
    with transaction.atomic():
        operator = founded or _found(structure)
        actor = queries.actor_of(queries.system_membership(operator), timezone.now(), "init")
        account = _first_account(actor, family_name, given_name, email)
        path = actions.issue_password_link(actor, account=account)
    if founded:
        write_text(f"« {operator.name} », créé par un import, a maintenant un compte.")
        if unused := [f"--{name}" for name, given in structure.items() if given is not None]:
            write_text(f"Sans effet, l’annuaire seul le corrige : {', '.join(unused)}.")
    else:
        write_text(f"« {structure['establishment']} » est prêt.")
        if is_another:
            write_text("C’est un autre organisme que ceux d’ici : ils ne partagent rien.")
    write_text(f"{given_name} {family_name} choisit son mot de passe par ce lien, valable trois")
    write_text("jours et une seule fois :\n")
    write_text(_absolute(path, address))


@click.command()
@click.argument("email", metavar="ADRESSE")
@click.option("--reset", is_flag=True, help="Efface aussi second facteur, code et sessions.")
@address_option
def link(email: str, address: str | None, reset: bool) -> None:
    """Affiche un lien de mot de passe.

    À remettre en main propre, pour un mot de passe perdu quand aucune messagerie n'est réglée, ou,
    avec --reset, un téléphone perdu quand plus personne ne peut redonner accès.
    """
    open_site()
    account = queries.account_named(email)
    if account is None:
        raise click.ClickException("Aucun compte n’a cette adresse.")
    membership = queries.system_membership(account.professional.operator)
    actor = queries.actor_of(membership, timezone.now(), "link")
    if reset:
        path = actions.reset_access(actor, account=account, has_seen=True)
    else:
        path = actions.issue_password_link(actor, account=account)
    write_text(_absolute(path, address))


def _founded_by_import(ctx: click.Context) -> Operator | None:
    """Return the operator that an import has founded and nobody has come into, looked for once."""
    if "founded" not in ctx.meta:
        open_site()
        ctx.meta["founded"] = queries.operator_without_account()
    founded: Operator | None = ctx.meta["founded"]
    return founded


def _found(structure: Mapping[str, Any]) -> Operator:
    operator = actions.create_operator(name=structure["operator"], siren=structure["siren"])
    actions.create_establishment(
        queries.actor_of(queries.system_membership(operator), timezone.now(), "init"),
        name=structure["establishment"],
        kind=KINDS[structure["kind"]],
        finess=structure["finess"],
    )
    return operator


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
