"""Whole numbers as they are read in France."""

from django.utils.formats import number_format


def grouped(value: int) -> str:
    """« 1 796 »."""
    return str(number_format(value, use_l10n=True, force_grouping=True))
