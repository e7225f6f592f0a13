"""The instruments shipped, each in its version in force; the former versions stay beside it."""

from virage.foundation.content.loader import load
from virage.instruments.rules.instrument import Instrument

SHIPPED_LISTS = ("aggir/2008", "norton/1", "pain_numeric/1", "undernutrition_70/2021")


def shipped() -> list[Instrument]:
    """Return them in the order of the list; ContentError when one does not fit its type."""
    return [load("instruments", name, Instrument) for name in SHIPPED_LISTS]
