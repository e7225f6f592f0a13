"""Reads reference content (YAML files of `virage/content`) into frozen dataclasses.

A content type is declared beside the code that uses it, with the version and the source among its
fields, and registered for the files that it describes; `check_all` then proves that every file
present has a type and fits it, then that each folder is what it must be as a whole; and
`require_all` stops what would start without that.
"""

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar, cast

import msgspec
import yaml

ROOT = Path(__file__).resolve().parents[2] / "content"

Content = TypeVar("Content")

_types: dict[str, type[Any]] = {}
_proofs: list[tuple[str, Callable[[Path], Iterator[str]]]] = []
_loaded: dict[Path, Any] = {}


class ContentError(Exception):
    """A content file is absent, unreadable or does not fit its type (message in French)."""


def register(pattern: str, content_type: type[Any]) -> None:
    """Declare the type of the files whose path without suffix matches `pattern` (`folder/*`)."""
    _types[pattern] = content_type


def register_proof(folder: str, proof: Callable[[Path], Iterator[str]]) -> None:
    """Declare what the files of a folder must be together: a French sentence for each fault."""
    _proofs.append((folder, proof))


def load(folder: str, name: str, content_type: type[Content]) -> Content:
    """Return `content/<folder>/<name>.yaml`, read once per process.

    Raises ContentError, in French, with the file and the place of the fault.
    """
    path = ROOT / folder / f"{name}.yaml"
    if path not in _loaded:
        _loaded[path] = read(path, content_type)
    return cast(Content, _loaded[path])


def read(path: Path, content_type: type[Content]) -> Content:
    """Read any YAML file into `content_type`; same refusals as `load`, no cache."""
    return fitted(parsed(path), content_type, _named(path))


def parsed(path: Path) -> Any:
    """Return what a YAML file says, comments apart; same refusals as `load`."""
    try:
        return yaml.load(path.read_bytes(), Loader=_StrictLoader)  # noqa: S506 (a SafeLoader)
    except FileNotFoundError as error:
        raise ContentError(f"{_named(path)} : ce fichier de contenu est absent.") from error
    except (yaml.YAMLError, ValueError) as error:  # ValueError: no text, or a day that is none
        raise ContentError(f"{_named(path)} : le texte YAML est illisible ({error}).") from error


def fitted(tree: Any, content_type: type[Content], name: str) -> Content:
    """Return what was parsed as its type; ContentError, in French, with its name and the place."""
    try:
        content = msgspec.convert(tree, content_type, strict=True)
    except msgspec.ValidationError as error:
        raise ContentError(f"{name} : {_in_french(str(error))}") from error
    if unknown := next(_unknown_keys(tree, msgspec.to_builtins(content)), None):
        raise ContentError(f"{name} : la clé « {unknown} » est inconnue.")
    return content


def check_all(root: Path = ROOT) -> list[str]:
    """Return one French sentence per content file or folder at fault; empty when all is well."""
    problems = [
        f"{folder.name}/ : il manque SOURCE.md, qui dit d’où vient le contenu."
        for folder in sorted(root.iterdir())
        if folder.is_dir() and not (folder / "SOURCE.md").is_file()
    ]
    for path in sorted(root.rglob("*.yaml")):
        name = path.relative_to(root).with_suffix("").as_posix()
        content_type = next((t for p, t in _types.items() if _matches(name, p)), None)
        if content_type is None:
            problems.append(f"{name}.yaml : aucun type n’est déclaré pour ce fichier.")
            continue
        try:
            read(path, content_type)
        except ContentError as error:
            problems.append(str(error))
    if problems:
        return problems
    folders = [(root / folder, proof) for folder, proof in _proofs]
    return [fault for folder, proof in folders if folder.is_dir() for fault in proof(folder)]


def require_all() -> None:
    """Raise ContentError, with every fault, unless all the content fits: what serves begins so."""
    if problems := check_all():
        raise ContentError("\n".join(problems))


def _named(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _matches(name: str, pattern: str) -> bool:
    return PurePosixPath(f"/{name}").match(f"/{pattern}")


class _StrictLoader(yaml.CSafeLoader):
    """The safe loader, which also refuses a key written twice (YAML keeps the last in silence)."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        mapping = super().construct_mapping(node, deep=deep)
        if len(mapping) < len(node.value):
            raise yaml.constructor.ConstructorError(
                None, None, "une clé est écrite deux fois", node.start_mark
            )
        return mapping


def _unknown_keys(given: Any, kept: Any, place: str = "") -> Iterator[str]:
    """Yield the keys of the file that no field took; a dataclass drops them in silence."""
    if isinstance(given, dict):
        for key, value in given.items():
            inner = f"{place}.{key}".lstrip(".")
            if key in kept:
                yield from _unknown_keys(value, kept[key], inner)
            else:
                yield inner
    elif isinstance(given, list):
        for index, (value, other) in enumerate(zip(given, kept, strict=False)):
            yield from _unknown_keys(value, other, f"{place}[{index}]")


_FRENCH: Mapping[str, str] = {
    r"Object missing required field `(.+?)`": r"la clé « \1 » est obligatoire",
    r"Expected `(.+?)`, got `(.+?)`": r"type « \2 » reçu, « \1 » attendu",
    r"Expected `array` of length (.+?), got (\d+)": r"liste de \2 éléments reçue, \1 attendus",
    r"Invalid enum value '?(.+?)'?(?= - at|$)": r"la valeur « \1 » n’est pas dans le vocabulaire",
    r" - at (?:key in )?`\$?\.?(.*?)`$": r" (à l’endroit « \1 »)",
}


def _in_french(message: str) -> str:
    """Turn msgspec's English message and path into a French sentence."""
    for english, french in _FRENCH.items():
        message = re.sub(english, french, message)
    return f"{message}."
