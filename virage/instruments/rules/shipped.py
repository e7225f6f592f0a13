"""The instruments shipped: every version published, none of which ever changes."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from virage.directory.rules import professions_of_people
from virage.foundation.content import loader, published
from virage.foundation.workflow.enums import Tone
from virage.instruments.rules import aggir
from virage.instruments.rules.instrument import TABLES, Instrument

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
    """Say in French which versions are not where they say, begin with another, or hold what nobody
    could read, answer or keep.
    """
    starts: dict[tuple[str, date], str] = {}
    for name, one in versions.items():
        if name != f"{one.id}/{one.version}":
            yield f"{name}.yaml : le fichier se dit la version {one.version} de « {one.id} »."
        yield from (f"{name}.yaml\u00a0: {fault}." for fault in _faults_as_shipped(one))
        other = starts.setdefault((one.id, _start(one)), name)
        if other != name:
            yield f"{name}.yaml : cette version commence le même jour que {other}.yaml."


@cache
def _sound(folder: Path) -> dict[str, Instrument]:
    """Read every version, once per process."""
    if faults := list(faults_in(folder)):
        raise loader.ContentError("\n".join(faults))
    return read_all(published.trees_in(folder))


def _faults_as_shipped(one: Instrument) -> Iterator[str]:
    """Say what is missing or too long for its column, and which profession or tone is none."""
    every = [*one.items.values(), *(c for item in one.items.values() for c in item.columns)]
    words = [one.title, one.source, one.licence, *(item.label for item in every)]
    words += [option.label for item in every for option in item.options]
    if not one.items:
        yield "aucune question n’est posée"
    if not all(word.strip() for word in words):
        yield "un titre, une source, une licence ou un libellé est vide"
    lengths = {one.id: 60, one.version: 20, one.title: 200} | {item.id: 80 for item in every}
    for text, most in lengths.items():
        if len(text) > most:
            yield f"«\u00a0{text[:most]}…\u00a0» dépasse {most} caractères"
    if lost := set(one.answered_by) - set(professions_of_people()):
        yield f"«\u00a0{min(lost)}\u00a0» n’est pas une profession"
    for function, version in one.tables.items():
        if not (aggir.FOLDER / TABLES[function] / f"{version}.yaml").is_file():
            yield f"la table «\u00a0{TABLES[function]}/{version}\u00a0» n’existe pas"
    tones = {band.tone for score in one.scores for band in score.bands}
    if lost := tones - {"", *(tone.value for tone in Tone)}:
        yield f"«\u00a0{min(lost)}\u00a0» n’est pas un ton"


def _start(one: Instrument) -> date:
    return one.valid_from or date.min
