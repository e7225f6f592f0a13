"""The stylesheet's promises that figures can hold: contrast by day and by night, and weight."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

FOLDER = Path(finders.find("ui/tokens.css")).parent
TONES = ("danger", "warning", "success", "info", "simulated")
GROUNDS = ("paper", "paper-deep", "surface")
TEXT = 4.5
VITAL = 7.0
CONTROL = 3.0


def _tokens(name: str) -> dict[str, str]:
    found = re.findall(r"--([\w-]+): (#[0-9a-f]{6});", (FOLDER / name).read_text())
    return dict(found)


def _luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour (WCAG 2.2)."""
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("file", ["tokens.css", "dark.css"])
def test_colours_can_be_read(file: str) -> None:
    tokens = _tokens(file)
    wanted = [("ink", ground, VITAL) for ground in GROUNDS]
    wanted += [(f"{name}", ground, TEXT) for name in ("ink-soft", "brand") for ground in GROUNDS]
    wanted += [(tone, f"{tone}-tint", VITAL) for tone in TONES]
    wanted += [("ink", f"{tone}-tint", TEXT) for tone in TONES]
    wanted += [("brand-deep", "brand-tint", TEXT), ("on-brand", "brand", TEXT)]
    wanted += [("line-strong", ground, CONTROL) for ground in ("paper", "surface")]
    weak = [
        (front, back, round(_contrast(tokens[front], tokens[back]), 2))
        for front, back, least in wanted
        if _contrast(tokens[front], tokens[back]) < least
    ]
    assert not weak


def test_night_renames_every_colour_of_the_day() -> None:
    assert _tokens("dark.css").keys() == _tokens("tokens.css").keys()


def test_styles_and_scripts_stay_light() -> None:
    styles = sum(path.stat().st_size for path in FOLDER.glob("*.css"))
    # Scripts as they travel: whitenoise serves them compressed.
    sources = [Path(finders.find("django_htmx/htmx-2.min.js")), *FOLDER.glob("*.js")]
    scripts = sum(len(gzip.compress(path.read_bytes())) for path in sources)
    assert styles <= 40_000
    assert scripts <= 25_000
