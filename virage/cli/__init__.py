"""The `virage` command: what is done from the machine itself, rather than from a screen."""

import os
import sys
from importlib import import_module
from pathlib import Path

import django

from virage.cli import french
from virage.foundation.logs import told_at_the_end
from virage.settings.database import database_from_url
from virage.settings.environment import VARIABLES, variable

# What reads or mends a site, and never founds one.
OF_A_SITE = ("check", "export", "journal", "keys", "link", "upgrade")
HOMES = {"demo": "var/demo", "production": VARIABLES["VIRAGE_HOME"].default}


def main() -> None:
    """Run the command line, with the settings of production or those of the demonstration."""
    french.install()
    is_demo = sys.argv[1:2] in (["demo"], ["code"]) or os.environ.get("VIRAGE_DEMO") == "1"
    settings = "demo" if is_demo else "production"
    if sys.argv[1:2] and sys.argv[1] in OF_A_SITE and not {"-h", "--help"} & {*sys.argv}:
        _require_site(Path(os.environ.get("VIRAGE_HOME") or HOMES[settings]))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"virage.settings.{settings}")
    django.setup()
    if not is_demo:
        # The log of a service keeps what ends it: it must not quote a row.
        sys.excepthook = told_at_the_end
    # The commands know the models, which exist once the settings are chosen.
    import_module("virage.cli.commands").virage()


def _is_begun(database: Path) -> bool:
    return database.exists() and database.stat().st_size > 0


def _require_site(home: Path) -> None:
    """Stop where there is no site: loading the settings would make its folder and its keys."""
    url = variable("VIRAGE_DATABASE_URL")
    database = home / "virage.sqlite3"
    if url.startswith("sqlite:"):
        database = Path(database_from_url(url)["NAME"])
    is_elsewhere = bool(url) and not url.startswith("sqlite:")
    is_half_replaced = (home / "half-replaced").exists()
    if home.is_dir() and (is_elsewhere or is_half_replaced or _is_begun(database)):
        return
    what = f"le dossier {home}" if is_elsewhere else f"la base {database}"
    sys.exit(
        f"Erreur : il n’y a pas de site ici, {what} n’existe pas. Corrigez VIRAGE_HOME ou "
        "VIRAGE_DATABASE_URL ; « virage init » fait un site neuf. Rien n’a été créé."
    )
