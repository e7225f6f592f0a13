"""Every address of the house with its class (`tests/house/urls.yaml`), and what it must answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from uuid import UUID

import yaml
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.access import matrix_file
from tests.access.url_town import Role
from tests.house.source import ROOT
from virage.foundation.access.enums import Volet
from virage.record.rules import VOLET_SLUGS

CLASSES: dict[str, dict[str, Any]] = yaml.safe_load((ROOT / "tests/house/urls.yaml").read_text())
DONE = {"get": {200}, "post": {200, 302, 422}}
# Who runs the directory: the matrix of the record says nothing of it.
MANAGING = {"manage": {"director", "secretary", "technical_admin"}, "direct": {"director"}}
# Who asked, in the town, for what is given to its asker alone.
ASKER = "nurse"


@dataclass(frozen=True)
class Address:
    """One address; `parts` says what stands in it: the name of an id of the town, or a literal."""

    name: str
    route: str
    parts: dict[str, str]
    open_to: str
    rules: dict[str, str]
    item: str

    def __str__(self) -> str:
        return " ".join([self.name, *(value for value in self.parts.values() if value in VOLETS)])

    @property
    def is_about_a_person(self) -> bool:
        return "person_id" in self.parts

    @property
    def names_something_of_a_person(self) -> bool:
        return self.is_about_a_person and any(
            part.endswith("_id") and part != "person_id" for part in self.parts
        )

    def url(self, ids: dict[str, UUID]) -> str:
        """Return the address of one target."""
        given = {part: ids.get(value, value) for part, value in self.parts.items()}
        return reverse(self.name, kwargs=given)


VOLETS = {slug: volet for volet, slug in VOLET_SLUGS.items()}


def routes(
    resolver: URLResolver, name: str = "", route: str = "", parts: tuple[str, ...] = ()
) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Give the name, the route and the parts of every address."""
    for pattern in resolver.url_patterns:
        here = (route + str(pattern.pattern), (*parts, *pattern.pattern.regex.groupindex))
        if isinstance(pattern, URLPattern):
            yield name + str(pattern.name), *here
        else:
            inner = f"{name}{pattern.namespace}:" if pattern.namespace else name
            yield from routes(pattern, inner, *here)


@cache
def addresses() -> tuple[Address, ...]:
    """Return every classified address, one per volet where its class says so."""
    return tuple(
        Address(
            name,
            route,
            {part: part for part in parts} | given.get("with", {}) | volet_part,
            given.get("open_to", "situation"),
            {
                method: given[method].replace("it", volet) if volet else given[method]
                for method in ("get", "post")
                if method in given
            },
            given.get("item", ""),
        )
        for name, route, parts in routes(get_resolver())
        if (given := CLASSES.get(name)) is not None
        for volet, volet_part in _volets(given)
    )


def _volets(given: dict[str, Any]) -> Iterator[tuple[str, dict[str, str]]]:
    if "each" in given:
        yield from ((volet, {"volet": VOLET_SLUGS[volet]}) for volet in Volet)
    else:
        yield "", {}


def holds(rule: str, role: Role, *, is_there: bool = True) -> bool:
    """Whether the rule opens to the role; `is_there`: in the role's own establishment."""
    cells, profession = matrix_file.cells, role.profession
    match rule.split():
        case ["anyone"] | ["who", "is", "locked"] | ["its", "asker"]:
            return rule != "its asker" or profession == ASKER
        case ["identities"]:
            return matrix_file.knows_identities(profession)
        case ["read", volet]:
            return matrix_file.reads_volet(profession, volet)
        case ["see", volet]:
            return matrix_file.reads_volet(profession, volet) or "count" in cells(profession, volet)
        case ["count", volet, "there"]:
            near = is_there or role.is_whole_operator
            return near and matrix_file.counts_volet(profession, volet)
        case ["write" | "validate" as cell, volet]:
            volets = Volet if volet == "any" else [volet]
            return any(cell in cells(profession, one) for one in volets)
        case ["import" | "export", *_] as given:
            return set(given) - {"and"} <= matrix_file.verbs(profession)
        case ["health" | "nobody" as verb, *others]:
            is_health = verb == "health" and matrix_file.is_health(profession)
            return is_health or bool({profession} & _managing(others))
        case ["manage" | "direct" as verb, *where]:
            near = {"there": is_there or role.is_whole_operator, "all": role.is_whole_operator}
            return profession in MANAGING[verb] and all(near[one] for one in where)
    raise ValueError(f"no such rule: {rule}")


def _managing(words: list[str]) -> set[str]:
    return set().union(*(MANAGING[word] for word in words if word in MANAGING))


def expected(address: Address, method: str, role: Role, target: str) -> set[int]:
    """Return the statuses that are right; target `mixed` is our person with an item of another."""
    if address.open_to == "token":
        return {404}
    if address.rules[method] == "who is locked":
        return {302}
    if address.rules[method] == "its asker":
        return DONE[method] if role.profession == ASKER else {404}
    is_there = target in ("ours", "mixed")
    may = holds(address.rules[method], role, is_there=is_there)
    if address.is_about_a_person:
        may = may and matrix_file.knows_identities(role.profession)
    if target in ("theirs", "mixed"):
        return {404} if may else {403, 404}
    is_reached = is_there or role.is_whole_operator
    if address.is_about_a_person and not is_reached:
        # To break the glass is to be out of the team.
        return DONE[method] if may and address.rules[method] == "health" else {403}
    if {"import_id", "opening_id"} & address.parts.keys() and not is_reached:
        return {403, 404} if "opening_id" in address.parts else {404} if may else {403}
    if address.item and matrix_file.knows_identities(role.profession):
        reads = matrix_file.reads(
            role.profession, address.item, age_hours=1, is_own=False, is_published=False
        )
        if not reads:
            return {404}
    return DONE[method] if may else {403}
