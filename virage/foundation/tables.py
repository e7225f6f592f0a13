"""Whether the tables of the database are those of this version."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor

OUTDATED = (
    "les tables ne sont pas celles de cette version. « virage upgrade », le site étant arrêté, "
    "sauvegarde la base puis la met à jour."
)


class OutOfStep(Exception):
    """The tables are those of a former version; its text says what to do, in French."""


def waiting_migrations() -> list[str]:
    """Return the changes of the tables that this version brings, as « app.name »."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]


def require_in_step() -> None:
    """Raise OutOfStep unless this version brings no change to the tables."""
    if waiting_migrations():
        raise OutOfStep(OUTDATED)
