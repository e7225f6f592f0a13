"""What must be in place before anything runs: tables, cache, static files."""

from django.core.management import call_command


def prepare_database() -> None:
    """Create or upgrade the tables; does nothing when they are in step."""
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def collect_static() -> None:
    """Copy style sheets, scripts and icons where the web server finds them."""
    call_command("collectstatic", interactive=False, verbosity=0)
