"""The `virage` command: what is done from the machine itself, rather than from a screen."""

import os
import sys
from importlib import import_module

import django

from virage.cli import french
from virage.foundation.logs import told_at_the_end


def main() -> None:
    """Run the command line, with the settings of production or those of the demonstration."""
    french.install()
    is_demo = sys.argv[1:2] in (["demo"], ["code"]) or "VIRAGE_DEMO" in os.environ
    settings = "demo" if is_demo else "production"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"virage.settings.{settings}")
    django.setup()
    if not is_demo:
        # The log of a service keeps what ends it: it must not quote a row.
        sys.excepthook = told_at_the_end
    # The commands know the models, which exist once the settings are chosen.
    import_module("virage.cli.commands").virage()
