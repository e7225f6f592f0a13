"""The access matrix read as a person reads it, apart from the code that the tests judge."""

import yaml

from tests.house.source import PACKAGE

_ROWS = yaml.safe_load((PACKAGE / "content/access/matrix.yaml").read_text())["professions"]

PROFESSIONS = tuple(_ROWS)
WINDOWS = sorted(
    {
        int(cell.partition("@")[2])
        for row in _ROWS.values()
        for cells in row["volets"].values()
        for cell in cells
        if "@" in cell
    }
)


def is_health(profession: str) -> bool:
    """Whether the law says that it is a health profession."""
    return bool(_ROWS[profession]["is_health_professional"])


def cells(profession: str, volet: str) -> dict[str, int | None]:
    """Return the cells of a profession in a volet, each with its window in hours or None."""
    parts = [cell.partition("@") for cell in _ROWS[profession]["volets"][volet]]
    return {name: int(hours) if hours else None for name, _, hours in parts}


def verbs(profession: str) -> set[str]:
    """Return the rights of a profession on whole records."""
    return set(_ROWS[profession]["verbs"])


def knows_identities(profession: str) -> bool:
    """Whether the profession may know who is accompanied at all."""
    return bool({"identity", "read"} & cells(profession, "administrative").keys())


def reads(
    profession: str, volet: str, *, age_hours: float, is_own: bool, is_published: bool
) -> bool:
    """Whether the profession reads an item of the volet entered that long ago."""
    suits = {"read": True, "own": is_own, "published": is_published}
    return knows_identities(profession) and any(
        suits.get(name, False) and (window is None or age_hours <= window)
        for name, window in cells(profession, volet).items()
    )


def counts_volet(profession: str, volet: str) -> bool:
    """Whether the profession knows how much the whole volet holds, whenever it was entered."""
    whole = [cells(profession, volet).get(cell, 1) for cell in ("read", "count")]
    return knows_identities(profession) and None in whole


def reads_volet(profession: str, volet: str) -> bool:
    """Whether the profession reads something of the volet, be it its own writing."""
    return reads(profession, volet, age_hours=0, is_own=True, is_published=True)
