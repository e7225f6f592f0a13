"""Every line of code knows its room (docs/architecture.md), where linters cannot say it."""

import ast
import configparser
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db.models import Field, ForeignObject, ManyToManyField

from tests.house.source import PACKAGE, ROOT, Source, rooms, sources

ROOM_FILES = {
    *("enums", "rules", "models", "queries", "actions"),
    *("jobs", "forms", "views", "urls", "admin", "templates", "static"),
    # Free of the table: Django's own, the room's access predicate, and what wraps a request.
    *("__init__", "apps", "access", "migrations", "templatetags", "middleware", "adapter"),
    # The door by which higher rooms add their tab to the record of a person.
    "tabs",
}
VAGUE_NAMES = {
    *("utils", "util", "helpers", "helper", "common", "misc", "tools", "core"),
    *("services", "service", "manager", "managers", "data", "info"),
}
WITHOUT_ORM = {"views", "forms", "templatetags", "middleware"}
NARROWING = {"filter", "exclude", "order_by", "annotate"}
CLOCK = {"now", "today", "utcnow", "localdate", "localtime"}


def test_a_room_holds_only_the_files_of_the_table() -> None:
    strangers = [
        str(path.relative_to(PACKAGE))
        for room in rooms()
        for path in room.iterdir()
        if path.stem not in ROOM_FILES and path.name != "__pycache__"
    ]
    assert not strangers, f"no such room: {strangers}"


def test_no_module_has_a_vague_name() -> None:
    vague = [str(source) for source in sources() if VAGUE_NAMES & set(source.parts)]
    assert not vague


def _orm_reached(source: Source) -> Iterator[int]:
    """Give the lines that reach the ORM; `objects.none()` is the empty choice of a field."""
    nodes = [node for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)]
    empty = {id(node.value) for node in nodes if node.attr == "none"}
    for node in nodes:
        if node.attr in ("objects", "_default_manager") and id(node) not in empty:
            yield node.lineno


def _narrowed(source: Source) -> Iterator[int]:
    """Give the lines that choose among rows; `form.filter(rows)` says which ones are asked for."""
    for call in source.calls():
        match call.func:
            case ast.Attribute(value=ast.Name(id="form")):
                pass
            case ast.Attribute(attr=name) if name in NARROWING:
                yield call.lineno


def test_views_choose_no_rows() -> None:
    faults = [
        f"{source}:{line}"
        for source in sources()
        if "views" in source.parts
        for line in _narrowed(source)
    ]
    assert not faults, f"a query gives a view its rows: {faults}"


def test_screens_do_not_reach_the_orm() -> None:
    faults = [
        f"{source}:{line}"
        for source in sources()
        if WITHOUT_ORM & set(source.parts)
        for line in _orm_reached(source)
    ]
    assert not faults, f"a screen asks queries and actions, not the ORM: {faults}"


def test_rules_receive_their_dates() -> None:
    faults = [
        f"{source}:{call.lineno}"
        for source in sources()
        if "rules" in source.parts
        for call in source.calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr in CLOCK
    ]
    assert not faults, f"a rule reads no clock: {faults}"


def test_nothing_happens_behind_a_save() -> None:
    faults = [
        f"{source}:{method.lineno}"
        for source in sources()
        for holder in ast.walk(source.tree)
        if isinstance(holder, ast.ClassDef)
        for method in holder.body
        if isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef)
        and method.name in ("save", "asave", "delete", "adelete")
    ]
    faults += [
        str(source)
        for source in sources()
        if {"django.dispatch", "django.db.models.signals"} & set(source.imported_modules())
    ]
    assert not faults, f"an action writes; save() is never overridden and no signal fires: {faults}"


def test_a_lock_lets_others_name_the_row() -> None:
    """No key ever changes: `no_key=True` stops who changes the row, not who writes one that links
    to it.
    """
    faults = [
        f"{source}:{call.lineno}"
        for source in sources()
        for call in source.calls()
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "select_for_update"
        and "no_key" not in {word.arg for word in call.keywords}
    ]
    assert not faults, f"lock with select_for_update(no_key=True): {faults}"


def _storeys() -> dict[str, int]:
    """Return, for each top-level package, its storey (0 is the top)."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    lines = contracts["importlinter:contract:storeys"]["layers"].split("\n")
    return {
        name.strip(" ()"): storey
        for storey, line in enumerate(lines)
        for name in line.split("|")
        if name.strip()
    }


def _links() -> Iterator[Field]:
    for model in apps.get_models(include_auto_created=False):
        if model.__module__.startswith("virage."):
            for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
                if isinstance(field, ForeignObject | ManyToManyField):
                    yield field


def test_no_stored_link_points_up_a_storey() -> None:
    storeys = _storeys()
    faults = []
    for field in _links():
        here, there = field.model.__module__, field.related_model.__module__
        if there.startswith("virage."):
            own, other = here.split(".")[1], there.split(".")[1]
            if own != other and storeys[other] <= storeys[own]:
                faults.append(f"{field} -> {other}")
    assert not faults, f"a stored link follows the imports, downwards: {faults}"


@pytest.mark.parametrize("source", sources(ROOT / "tests"), ids=str)
def test_a_bound_on_queries_is_a_with_block(source: Source) -> None:
    """`queries(at_most=…)` alone asserts nothing."""
    bound = {
        id(item.context_expr)
        for node in ast.walk(source.tree)
        if isinstance(node, ast.With)
        for item in node.items
    }
    bare = [
        call.lineno
        for call in source.calls()
        if isinstance(call.func, ast.Name) and call.func.id == "queries" and id(call) not in bound
    ]
    assert not bare
