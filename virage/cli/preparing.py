"""What must be in place before anything runs: reference content, tables, cache, static files."""

import click
from django.core.management import call_command
from django.db import connection

from virage.directory.models import Operator
from virage.directory.queries import has_operator
from virage.foundation.backup.locks import in_service
from virage.foundation.content import loader
from virage.foundation.encryption.keys import require_master_key
from virage.foundation.tables import require_in_step


def prepare_database(*, may_upgrade: bool = False) -> None:
    """Create the tables, once the content is known to fit; nothing when in step.

    The tables of a site in use are upgraded only by whoever says that there is a way back. Stops,
    saying why, there or when the master key is not the one that wraps the keys of the data.
    """
    loader.require_all()
    if not may_upgrade and is_in_use():
        require_in_step()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    require_master_key()


def open_site() -> None:
    """Prepare the database for a command that holds the site, as what serves it, until it ends.

    Raises BackupFault while the site is being replaced or upgraded, or was left half-way.
    """
    click.get_current_context().with_resource(in_service())
    prepare_database()


def is_in_use() -> bool:
    """Whether somebody's data are there: a first creation that was cut short has none."""
    tables = connection.introspection.table_names()
    return Operator._meta.db_table in tables and has_operator()


def collect_static() -> None:
    """Copy style sheets, scripts and icons where the web server finds them."""
    call_command("collectstatic", interactive=False, verbosity=0)
