"""Where each instrument is found: apart from what is published, so that it may change."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from virage.foundation.content import loader
from virage.foundation.content.published import trees_in
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.shipped import FOLDER

THEMES = "themes.yaml"


@dataclass(frozen=True)
class Theme:
    """Instruments found together, by id, in the order in which they are offered."""

    title: str
    instruments: tuple[str, ...]


@dataclass(frozen=True)
class Themes:
    """Every instrument shipped, each in one theme."""

    source: str
    themes: tuple[Theme, ...]


def by_theme(
    instruments: Iterable[Instrument], folder: Path = FOLDER
) -> list[tuple[str, list[Instrument]]]:
    """Return these instruments under the title of their theme; a theme without any is left out."""
    offered = {one.id: one for one in instruments}
    groups = [
        (theme.title, [offered[name] for name in theme.instruments if name in offered])
        for theme in _themes(folder)
    ]
    return [(title, found) for title, found in groups if found]


def faults_of_themes(folder: Path) -> Iterator[str]:
    """Say in French which instrument has no theme, or two, and which theme names what is not."""
    placed = Counter(name for theme in _themes(folder) for name in theme.instruments)
    shipped = {name.partition("/")[0] for name in trees_in(folder)}
    for name in sorted(shipped - placed.keys()):
        yield f"{THEMES} : « {name} » manque ; donnez-lui un thème."
    for name in sorted(placed.keys() - shipped):
        yield f"{THEMES} : « {name} » n’est pas un instrument livré."
    for name in sorted(name for name, count in placed.items() if count > 1):
        yield f"{THEMES} : « {name} » est dans deux thèmes."


@cache
def _themes(folder: Path) -> tuple[Theme, ...]:
    return loader.read(folder / THEMES, Themes).themes
