"""Which characters our own font draws, and what is written for the others."""

from functools import cache
from pathlib import Path

import emoji
from fontTools.ttLib import TTFont

emoji.config.load_language("fr")
FONTS = Path(__file__).parent / "fonts"
FONT_NAME = "DejaVu Sans"
# Said to the layout, not drawn: line ends and the joiners of some scripts and of emojis.
_UNDRAWN = {"\n", "\u200b", "\u200c", "\u200d", "\u2060", "\ufe0e", "\ufe0f"}


def drawable(text: str) -> str:
    """Return a text that the font draws whole.

    An emoji that it does not know is named in French (« [femme âgée] »), any other character is
    told by its number (« [U+4E2D] »): nothing is lost without a word.
    """
    if _is_drawn(text):
        return text
    named = emoji.replace_emoji(text, replace=_named)
    return "".join(one if _is_drawn(one) else f"[U+{ord(one):04X}]" for one in named)


def _named(signs: str, names: dict[str, str]) -> str:
    if _is_drawn(signs):
        return signs
    name = names.get("fr") or names["en"]
    return f"[{name.strip(':').replace('_', ' ')}]"


def _is_drawn(text: str) -> bool:
    return _drawn() >= set(text)


@cache
def _drawn() -> frozenset[str]:
    """Return what both weights draw."""
    weights = []
    for path in sorted(FONTS.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            weights.append({chr(code) for code in font.getBestCmap()})
    return frozenset(set.intersection(*weights) | _UNDRAWN)
