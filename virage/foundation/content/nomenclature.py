"""Lists of codes: the published ones, as published, and ours where no list is published."""

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from virage.foundation.coded import Coded
from virage.foundation.content.loader import load

ELISION = re.compile(r"(?<=[^\W\d_])'(?=[^\W\d_])")
INSIDE_QUOTES = re.compile(r"(?<=«) | (?=»)")


class Concept(NamedTuple):
    """One line of a list: code, French label, and its code system when not the list's own."""

    code: str
    label: str
    system: str = ""


@dataclass(frozen=True)
class Nomenclature:
    """One list; `system` is its canonical URL (ours: a urn), `oid` its value set, "" if none.

    `equivalents` gives, for a received code, our own terms for it.
    """

    id: str
    title: str
    version: str
    system: str
    oid: str
    source: str
    licence: str
    concepts: tuple[Concept, ...]
    equivalents: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if len(self._by_code) < len(self.concepts):
            raise ValueError("un code est écrit deux fois")
        if not self.equivalents.keys() <= self._by_code.keys():
            raise ValueError("une équivalence part d’un code absent de la liste")

    def label(self, code: str) -> str:
        """Return the French label; a code outside the list is kept as received: itself."""
        return self._by_code[code].label if code in self._by_code else code

    def has(self, code: str) -> bool:
        """Say whether the list holds this code."""
        return code in self._by_code

    def labels(self) -> dict[str, str]:
        """Return the labels by code, as published, in the published order."""
        return {concept.code: concept.label for concept in self.concepts}

    def choices(self) -> list[tuple[str, str]]:
        """Return (code, label) pairs in the published order, typeset for a form."""
        return [(concept.code, typeset(concept.label)) for concept in self.concepts]

    def system_of(self, code: str) -> str:
        """Return the code system to write beside this code; KeyError outside the list."""
        return self._by_code[code].system or self.system

    def coded(self, code: str) -> Coded:
        """Return a code with its label, ready to be stored; "" is no value, KeyError outside."""
        if not code:
            return Coded()
        return Coded(self.system_of(code), code, self.label(code), self.version)

    def equivalent(self, code: str) -> tuple[str, ...]:
        """Return our own terms for a received code; empty when the table says nothing of it."""
        return self.equivalents.get(code, ())

    @cached_property
    def _by_code(self) -> dict[str, Concept]:
        return {concept.code: concept for concept in self.concepts}


def get(name: str) -> Nomenclature:
    """Return the list of this name; ContentError when no file bears it."""
    return load("nomenclatures", name, Nomenclature)


def typeset(label: str) -> str:
    """Curl the apostrophes of a published label and keep its quotation marks to their words."""
    return INSIDE_QUOTES.sub("\N{NO-BREAK SPACE}", ELISION.sub("’", label))


def words_of(value: Coded, *names: str) -> str:
    """Return what a code says to a reader: its own words, else its label in one of these lists."""
    if value.text or value.display:
        return typeset(value.label)
    listed = (get(name) for name in names)
    known = (one for one in listed if one.has(value.code))
    labels = (one.label(value.code) for one in known if one.system_of(value.code) == value.system)
    return typeset(next(labels, value.code))
