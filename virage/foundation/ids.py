"""Opaque public identifiers."""

from uuid import UUID

from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562): opaque, global, and in order of creation."""
    return uuid7()
