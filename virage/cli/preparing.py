"""What must be in place before anything runs: reference content, tables, cache, static files."""

from django.core.management import call_command

from virage.foundation.content import loader


def prepare_database() -> None:
    """Create or upgrade the tables, once the content is known to fit; nothing when in step."""
    loader.require_all()
    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


def collect_static() -> None:
    """Copy style sheets, scripts and icons where the web server finds them."""
    call_command("collectstatic", interactive=False, verbosity=0)
