"""What must be in place before anything runs: reference content, tables, cache, static files."""

import click
from django.core.management import call_command

from virage.foundation.content import loader
from virage.foundation.encryption.keys import require_master_key
from virage.foundation.encryption.master import KeyUnavailable


def prepare_database() -> None:
    """Create or upgrade the tables, once the content is known to fit; nothing when in step.

    Stops, saying why, when the master key is not the one that wraps the keys of the data.
    """
    loader.require_all()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    try:
        require_master_key()
    except KeyUnavailable as error:
        raise click.ClickException(str(error)) from error


def collect_static() -> None:
    """Copy style sheets, scripts and icons where the web server finds them."""
    call_command("collectstatic", interactive=False, verbosity=0)
