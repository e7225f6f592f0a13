"""Screens of the record: each opens the record, then shows one thing of it."""
