"""Whose records are edited: Rose and Louise at the EHPAD, Inès at the IME."""

from tests.record.conftest import ines, louise, rose

__all__ = ["ines", "louise", "rose"]
