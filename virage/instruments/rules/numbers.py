"""How a number is written in a French sentence."""

from decimal import Decimal


def said(number: Decimal) -> str:
    """Write a number as it is read in France, without the zeros that say nothing."""
    return f"{number.normalize():f}".replace(".", ",")
