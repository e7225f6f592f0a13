"""What the outbox does for the exchange room."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from virage.exchange.actions.processing import process_import


def treat_received_file(payload: Mapping[str, Any]) -> None:
    """Read a received file and write its record; a second call finds it already treated."""
    process_import(UUID(payload["import_id"]))
