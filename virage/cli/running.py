"""`virage run`, `worker`, `demo`: the programs that stay up."""

import os
import shutil
import sys
import time
from collections.abc import Callable
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from rich.table import Column, Table

from virage.cli.preparing import collect_static, is_in_use, prepare_database
from virage.cli.processes import listen_for_stop, run_together
from virage.cli.screen import LOOPBACK, PORT, WillNotStart, beside, out, progress, site_address
from virage.demo.builder import DEMO_PASSWORD, DEMO_SECRET, DemoAccount, demo_code
from virage.demo.scales import HOUSE, SCALES
from virage.directory.rules import folded
from virage.foundation import safety
from virage.foundation.backup.locks import in_service
from virage.foundation.backup.rules import scale_in
from virage.foundation.content import loader
from virage.foundation.outbox.jobs import work
from virage.foundation.tables import require_in_step

SIZES = (
    "house, une maison à visiter ; region, 56 établissements et deux années de leur vie ; "
    "bench, 5 000 personnes pour mesurer"
)

host_option = click.option(
    "--host", default=LOOPBACK, show_default=True, help="L’adresse à laquelle écouter."
)
port_option = click.option(
    "--port", default=PORT, show_default=True, type=click.IntRange(1, 65535), help="Le port."
)


@click.command()
@host_option
@port_option
def run(host: str, port: int) -> None:
    """Met en service le site.

    Crée les tables d’un site neuf, puis lance le site et le travail de fond. Ctrl-C arrête tout.
    """
    _require_safe()
    if settings.INSECURE_HTTP and host not in safety.LOOPBACK:
        raise click.ClickException("sans https, le site n’écoute que cette machine (--host).")
    address = site_address(host, port)
    with in_service():
        prepare_database()
        collect_static()
        _serve(host, port, lambda: out.print(f"Virage répond à l’adresse {address}/"))


@click.command()
def worker() -> None:
    """Fait le travail de fond.

    Les imports reçus, les messages à envoyer. « run » le lance aussi.
    """
    _require_safe()
    loader.require_all()
    with in_service():
        require_in_step()
        work(listen_for_stop())


@click.command()
@click.option("--reset", is_flag=True, help="Efface la démonstration et repart de zéro.")
@click.option(
    "--scale",
    type=click.Choice(list(SCALES)),
    help=f"Sa taille, {HOUSE} sauf indication : {SIZES}.",
)
@port_option
def demo(reset: bool, scale: str | None, port: int) -> None:
    """Lance la démonstration.

    Des personnes inventées, sur cette seule machine. Une seconde fois garde les données.
    """
    with in_service():
        loader.require_all()
        _require_own()
        if reset:
            _reset()
        started = time.monotonic()
        prepare_database(may_upgrade=True)
        collect_static()
        kept = _seed(scale)
        _serve(LOOPBACK, port, lambda: _welcome(kept, port, time.monotonic() - started))


def _require_safe() -> None:
    """Stop, saying why, where real people must not be served."""
    try:
        safety.require_safe()
    except safety.Unsafe as unsafe:
        raise WillNotStart(
            f"le site ne démarre pas, il ne serait pas sûr :\n{unsafe}\n"
            "« virage check --production » dit tout ce qui est à revoir."
        ) from unsafe


@click.command()
def code() -> None:
    """Donne le code du second facteur de la démonstration.

    Il n'y en a pas ailleurs : chacun a le sien, sur son téléphone.
    """
    out.print(demo_code())


def _serve(host: str, port: int, when_ready: Callable[[], None]) -> None:
    web = [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--workers", "2", "--blocking-threads", "1", "--log-level", "warning"),
        *("--host", host, "--port", str(port), "virage.wsgi:application"),
    ]
    background = [sys.executable, "-m", "virage.cli", "worker"]
    # In memory, for a full disk would kill whoever counts in a file mapped there.
    with TemporaryDirectory(prefix="virage-", dir=_memory()) as counts:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts
        sys.exit(run_together([web, background], (host, port), when_ready))


def _memory() -> str | None:
    """Return the folder that is in memory, where there is one."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108


def _megabytes() -> int:
    """Return how large the database is, with what waits beside it to go in."""
    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        return sum(one.stat().st_size for one in path.parent.glob(f"{path.name}*")) // 10**6
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0]) // 10**6


def _seeded_scale() -> str:
    """Return how large the demonstration is that filled this database."""
    return scale_in(safety.demo_mark().read_text()) or HOUSE


def _reset() -> None:
    """Erase the data of the demonstration; refused where it did not put them itself."""
    if not safety.is_demonstration():
        return
    connection.close()
    if connection.vendor == "sqlite":
        for suffix in ("", "-wal", "-shm"):
            Path(f"{connection.settings_dict['NAME']}{suffix}").unlink(missing_ok=True)
    else:
        call_command("flush", interactive=False, verbosity=0)
    shutil.rmtree(settings.FILES, ignore_errors=True)
    settings.JOURNAL_HEADS.unlink(missing_ok=True)
    safety.demo_mark().unlink()


def _require_own() -> None:
    """Stop where there is anything of a site, its keys included, before any of it is changed."""
    kept = (settings.MASTER_KEY_FILE, settings.JOURNAL_HEADS)
    is_taken = is_in_use() or any(one.exists() for one in kept)
    if is_taken and not safety.is_demonstration():
        raise click.ClickException(
            "Il y a ici des données qui ne viennent pas de la démonstration. Donnez-lui un dossier "
            "et une base à elle (VIRAGE_HOME, VIRAGE_DATABASE_URL), ou effacez ceux-ci s’ils n’ont "
            "servi qu’à elle."
        )


def _seed(scale: str | None) -> str:
    """Put the invented people in, once, and return how large the demonstration is.

    Refused beside a demonstration of another size.
    """
    if safety.is_demonstration():
        kept = _seeded_scale()
        if scale not in (None, kept):
            raise click.ClickException(
                f"La démonstration qui est là est de taille « {kept} » : ajoutez --reset pour "
                "l’effacer et en changer."
            )
        return kept
    beside.print("Préparation de la démonstration…")
    scale = scale or HOUSE
    chosen = SCALES[scale]
    with progress() as bar:
        task = bar.add_task(chosen.counted, total=chosen.steps, visible=chosen.steps > 0)
        chosen.build(lambda part: beside.print(f"  {part}"), lambda steps: bar.advance(task, steps))
    safety.mark_demonstration(scale)
    return scale


def _by_operator(accounts: list[DemoAccount]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return, for each operator, the first address of each profession, in the order of words."""
    # The last one named keeps the place: reversed, the first of each profession.
    shown = {(one.operator, one.profession): one.email for one in reversed(accounts)}
    ordered = sorted(shown, key=lambda key: [folded(word) for word in key])
    return [
        (operator, [(key[1], shown[key]) for key in same])
        for operator, same in groupby(ordered, key=itemgetter(0))
    ]


def _welcome(scale: str, port: int, seconds: float) -> None:
    accounts = SCALES[scale].accounts()
    size = f", base de {_megabytes()} Mo" if SCALES[scale].steps else ""
    told = f"Démonstration prête en {seconds:.0f} s{size}"
    out.print(f"\n{told} : [bold]http://localhost:{port}/[/]\n")
    for operator, emails in _by_operator(accounts):
        table = Table("Profession", Column("Adresse de connexion", no_wrap=True), box=None)
        for profession, email in emails:
            table.add_row(profession, email)
        if operator:
            out.print(f"\n[bold]{operator}[/]")
        out.print(table)
    out.print(f"\nMot de passe de tous : [bold]{DEMO_PASSWORD}[/]. Ctrl-C arrête tout.")
    out.print(
        f"Second facteur de tous : [bold]{demo_code()}[/] en ce moment ; le code change toutes"
    )
    out.print("les 30 s et ne sert qu’une fois par compte ;")
    out.print(f"[bold]{sys.argv[0]} code[/] donne le suivant, ou une application de codes,")
    out.print(f"avec la clé [bold]{DEMO_SECRET}[/].")
    out.print(f"Les {len(accounts)} comptes de la démonstration sont dans l’annuaire.")
