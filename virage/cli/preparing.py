"""What must be in place before anything runs: reference content, tables, cache, static files."""

import click
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from virage.directory.models import Operator
from virage.directory.queries import has_operator
from virage.foundation.content import loader
from virage.foundation.encryption.keys import require_master_key
from virage.foundation.encryption.master import KeyUnavailable

OUTDATED = (
    "la base est celle d’une version antérieure. « virage upgrade », le site étant arrêté, la "
    "sauvegarde puis la met à jour."
)


def prepare_database(*, may_upgrade: bool = False) -> None:
    """Create the tables, once the content is known to fit; nothing when in step.

    The tables of a site in use are upgraded only by whoever says that there is a way back. Stops,
    saying why, there or when the master key is not the one that wraps the keys of the data.
    """
    loader.require_all()
    if not may_upgrade and _is_in_use():
        require_in_step()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    try:
        require_master_key()
    except KeyUnavailable as error:
        raise click.ClickException(str(error)) from error


def require_in_step() -> None:
    """Stop, saying what to do, where the tables are not those of this version."""
    if waiting_migrations():
        raise click.ClickException(OUTDATED)


def waiting_migrations() -> list[str]:
    """Return the changes of the tables that this version brings, as « app.name »."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def _is_in_use() -> bool:
    """Whether somebody's data are there: a first creation that was cut short has none."""
    tables = connection.introspection.table_names()
    return Operator._meta.db_table in tables and has_operator()


def collect_static() -> None:
    """Copy style sheets, scripts and icons where the web server finds them."""
    call_command("collectstatic", interactive=False, verbosity=0)
