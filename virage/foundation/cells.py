"""A text that a spreadsheet would run as a formula is guarded by an apostrophe in what we write."""

GUARD = "'"
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """Return a text that no spreadsheet runs."""
    return GUARD + text if text.startswith(FORMULA) else text


def unguarded(text: str) -> str:
    """Return what was guarded, from a cell of ours that comes back."""
    return text[1:] if text.startswith(GUARD) and text[1:].startswith(FORMULA) else text
