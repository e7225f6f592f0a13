"""Whether the tables of the database are those of this version."""

from functools import cache

from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Count, Max

OUTDATED = (
    "les tables ne sont pas celles de cette version. « virage upgrade », le site étant arrêté, "
    "sauvegarde la base puis la met à jour."
)
NEWER = (
    "les tables sont celles d’une version plus récente : réinstallez-la, ou revenez par une "
    "sauvegarde de cette version (virage restore)."
)


class OutOfStep(Exception):
    """The tables are those of another version; its text says what to do, in French."""


def waiting_migrations() -> list[str]:
    """Return the changes of the tables that this version brings, as « app.name »."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def require_in_step() -> None:
    """Raise OutOfStep unless the tables have been through the changes of this version, no other."""
    if waiting_migrations():
        raise OutOfStep(OUTDATED)
    known = MigrationLoader(connection)
    for app, name in known.applied_migrations:
        if app in known.migrated_apps and (app, name) not in known.graph.nodes:
            raise OutOfStep(NEWER)


@cache
def found_in_step() -> dict[str, int]:
    """Return how far the tables have gone, as this process first found them; OutOfStep as above."""
    require_in_step()
    return _changes()


def is_still_in_step() -> bool:
    """Whether nobody changed the tables since this process found them in step; one statement."""
    return _changes() == found_in_step()


def _changes() -> dict[str, int]:
    return MigrationRecorder.Migration.objects.aggregate(Count("id"), Max("id"))
