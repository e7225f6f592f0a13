"""The instruments shipped: every version published, none of which ever changes.

`published.yaml` keeps the fingerprint of each: answers and results are stored under a version, and
would not mean what they did if it changed. A change is a new version, beside.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from virage.foundation.content import loader
from virage.instruments.rules.instrument import Instrument

FOLDER = loader.ROOT / "instruments"
PUBLISHED = "published.yaml"


@dataclass(frozen=True)
class Published:
    """The fingerprint of every version published, by `<id>/<version>`."""

    source: str
    fingerprints: dict[str, str]


class Version(NamedTuple):
    """A version present, and the SHA-256 of what its file says, comments and layout apart."""

    instrument: Instrument
    fingerprint: str


def shipped(folder: Path = FOLDER) -> list[Instrument]:
    """Return every version, by id; ContentError when one does not fit, or is not as published."""
    return list(_sound(folder).values())


def version_of(instrument_id: str, version: str, folder: Path = FOLDER) -> Instrument:
    """Return a version, in force or not: a sheet stays on that under which it was opened.

    ContentError when it is not shipped.
    """
    name = f"{instrument_id}/{version}"
    if name not in _sound(folder):
        raise loader.ContentError(_absent(name))
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


def present_in(folder: Path) -> dict[str, Version]:
    """Return the versions that have a file, by `<id>/<version>`."""
    versions = {}
    for path in sorted(folder.glob("*/*.yaml")):
        name, tree = f"{path.parent.name}/{path.stem}", loader.parsed(path)
        instrument = loader.fitted(tree, Instrument, f"{name}.yaml")
        text = json.dumps(tree, sort_keys=True, ensure_ascii=False, default=str)
        versions[name] = Version(instrument, sha256(text.encode()).hexdigest())
    return versions


def published_in(folder: Path) -> dict[str, str]:
    """Return the fingerprints published, by `<id>/<version>`."""
    return loader.read(folder / PUBLISHED, Published).fingerprints


def faults_in(folder: Path) -> Iterator[str]:
    """Say in French which versions are not as published, and what to do about it."""
    return faults_between(published_in(folder), present_in(folder))


def faults_between(published: Mapping[str, str], present: Mapping[str, Version]) -> Iterator[str]:
    """Say in French what differs between what was published and what is there."""
    for name in sorted(published.keys() | present.keys()):
        if name not in present:
            yield _absent(name)
        elif name not in published:
            yield f"{name}.yaml : cette version n’est pas publiée ; lancez « virage publish »."
        elif published[name] != present[name].fingerprint:
            yield (
                f"{name}.yaml : cette version publiée a changé ; remettez-la comme elle était, "
                "et écrivez le changement dans une nouvelle version, à côté."
            )
    starts: dict[tuple[str, date], str] = {}
    for name, (one, _) in present.items():
        if name != f"{one.id}/{one.version}":
            yield f"{name}.yaml : le fichier se dit la version {one.version} de « {one.id} »."
        other = starts.setdefault((one.id, _start(one)), name)
        if other != name:
            yield f"{name}.yaml : cette version commence le même jour que {other}.yaml."


@cache
def _sound(folder: Path) -> dict[str, Instrument]:
    """Read every version, once per process."""
    present = present_in(folder)
    if faults := list(faults_between(published_in(folder), present)):
        raise loader.ContentError("\n".join(faults))
    return {name: version.instrument for name, version in present.items()}


def _start(one: Instrument) -> date:
    return one.valid_from or date.min


def _absent(name: str) -> str:
    return (
        f"{name}.yaml : cette version publiée est absente ; remettez-la, des réponses s’y lisent."
    )
