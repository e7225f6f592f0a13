"""Writes of the editions room."""

from virage.editions.actions.making import edit
from virage.editions.actions.preparing import drop_fetched_files, prepare_edition

__all__ = ["drop_fetched_files", "edit", "prepare_edition"]
