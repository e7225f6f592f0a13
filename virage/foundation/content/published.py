"""Content that never changes once published: `published.yaml` keeps each version's fingerprint.

Results are stored under a version, and would not mean what they did if it changed. A change is a
new version, beside.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from virage.foundation.content import loader

PUBLISHED = "published.yaml"


@dataclass(frozen=True)
class Published:
    """The fingerprint of every version published, by `<name>/<version>`."""

    source: str
    fingerprints: dict[str, str]


def published_in(folder: Path) -> dict[str, str]:
    """Return the fingerprints published in a folder, by `<name>/<version>`."""
    return loader.read(folder / PUBLISHED, Published).fingerprints


def trees_in(folder: Path) -> dict[str, Any]:
    """Return what the file of each version says, by `<name>/<version>`."""
    files = sorted(folder.glob("*/*.yaml"))
    return {f"{one.parent.name}/{one.stem}": loader.parsed(one) for one in files}


def fingerprints_of(trees: Mapping[str, Any]) -> dict[str, str]:
    """Return the fingerprint of each of these versions."""
    return {name: fingerprint_of(tree) for name, tree in trees.items()}


def fingerprint_of(tree: Any) -> str:
    """Return the SHA-256 of what a file says, comments and layout apart."""
    text = json.dumps(tree, sort_keys=True, ensure_ascii=False, default=str)
    return sha256(text.encode()).hexdigest()


def faults_in(folder: Path) -> Iterator[str]:
    """Say in French which versions are not as published, and what to do about it."""
    return faults_between(published_in(folder), fingerprints_of(trees_in(folder)))


def faults_between(published: Mapping[str, str], present: Mapping[str, str]) -> Iterator[str]:
    """Say in French what differs between what was published and what is there."""
    for name in sorted(published.keys() | present.keys()):
        if name not in present:
            yield absent(name)
        elif name not in published:
            yield (
                f"{name}.yaml\u00a0: cette version n’est pas publiée\u00a0; lancez "
                "«\u00a0virage publish\u00a0»."
            )
        elif published[name] != present[name]:
            yield (
                f"{name}.yaml\u00a0: cette version publiée a changé\u00a0; remettez-la comme elle "
                "était, et écrivez le changement dans une nouvelle version, à côté."
            )


def absent(name: str) -> str:
    """Say in French that a version is not there, and what to do about it."""
    return (
        f"{name}.yaml\u00a0: cette version publiée est absente\u00a0; remettez-la, des résultats "
        "s’y lisent."
    )
