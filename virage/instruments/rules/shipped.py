"""The instruments shipped: every version published, none of which ever changes."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from virage.foundation.content import loader, published
from virage.instruments.rules.instrument import Instrument

FOLDER = loader.ROOT / "instruments"


def shipped(folder: Path = FOLDER) -> list[Instrument]:
    """Return every version, by id; ContentError when one does not fit, or is not as published."""
    return list(_sound(folder).values())


def version_of(instrument_id: str, version: str, folder: Path = FOLDER) -> Instrument:
    """Return a version, in force or not: a sheet stays on that under which it was opened.

    ContentError when it is not shipped.
    """
    name = f"{instrument_id}/{version}"
    if name not in _sound(folder):
        raise loader.ContentError(published.absent(name))
    return _sound(folder)[name]


def in_force(instrument_id: str, day: date, folder: Path = FOLDER) -> Instrument | None:
    """Return the version of an instrument that is answered on a day, None when none is."""
    versions = [
        one
        for one in shipped(folder)
        if one.id == instrument_id
        and _start(one) <= day
        and (one.valid_until is None or day <= one.valid_until)
    ]
    return max(versions, key=_start, default=None)


def read_all(trees: Mapping[str, Any]) -> dict[str, Instrument]:
    """Return the instrument of each version, by `<id>/<version>`; ContentError for one that does
    not fit.
    """
    return {name: loader.fitted(tree, Instrument, f"{name}.yaml") for name, tree in trees.items()}


def faults_in(folder: Path) -> Iterator[str]:
    """Say in French which versions are not as published, or take the place of another."""
    trees = published.trees_in(folder)
    known = published.published_in(folder)
    yield from published.faults_between(known, published.fingerprints_of(trees))
    yield from faults_among(read_all(trees))


def faults_among(versions: Mapping[str, Instrument]) -> Iterator[str]:
    """Say in French which versions are not where they say, or begin with another."""
    starts: dict[tuple[str, date], str] = {}
    for name, one in versions.items():
        if name != f"{one.id}/{one.version}":
            yield f"{name}.yaml : le fichier se dit la version {one.version} de « {one.id} »."
        other = starts.setdefault((one.id, _start(one)), name)
        if other != name:
            yield f"{name}.yaml : cette version commence le même jour que {other}.yaml."


@cache
def _sound(folder: Path) -> dict[str, Instrument]:
    """Read every version, once per process."""
    if faults := list(faults_in(folder)):
        raise loader.ContentError("\n".join(faults))
    return read_all(published.trees_in(folder))


def _start(one: Instrument) -> date:
    return one.valid_from or date.min
