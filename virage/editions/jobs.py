"""What the outbox does for the editions room."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from virage.editions.actions import drop_fetched_files, prepare_edition
from virage.foundation.storage.actions import remove_abandoned_files


def prepare(payload: Mapping[str, Any]) -> None:
    """Make a long edition; a second call finds it already made."""
    prepare_edition(UUID(payload["preparation_id"]))


def drop_abandoned(payload: Mapping[str, Any]) -> None:
    """Remove the files that a worker killed before it named them has left."""
    remove_abandoned_files()


def drop_files(payload: Mapping[str, Any]) -> None:
    """Remove the files that nobody may fetch any longer."""
    drop_fetched_files()
