"""Writes of the exchange room: receive, treat, settle, export."""

from virage.exchange.actions.exporting import export_record
from virage.exchange.actions.founding import found_from_file
from virage.exchange.actions.processing import process_import
from virage.exchange.actions.receiving import check_size, receive_file
from virage.exchange.actions.settling import discard_import, settle_identity

__all__ = [
    "check_size",
    "discard_import",
    "export_record",
    "found_from_file",
    "process_import",
    "receive_file",
    "settle_identity",
]
