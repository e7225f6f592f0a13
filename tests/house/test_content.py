"""No content file that no code reads."""

import ast
import re
from collections.abc import Iterator

from django.apps import apps

from tests.house.source import PACKAGE, sources
from virage.foundation.content import loader
from virage.foundation.workflow.models import FollowsWorkflow
from virage.foundation.workflow.tables import every_workflow

READERS = {"load", "nomenclature.get", "words_of", "CodedChoiceField", "coded"}
# Each file of these is a version that the code finds by itself.
READ_WHOLE = {"aggir", "instruments", "workflows"}
IN_TEMPLATE = re.compile(r'\|words:"(\w+)"')


def _texts(*nodes: ast.AST) -> Iterator[str]:
    """Give the texts written inside expressions."""
    for node in nodes:
        for each in ast.walk(node):
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                yield each.value


def _named() -> Iterator[str]:
    """Give what the code hands to a reader of content, or keeps under a name in `_LISTS`."""
    for source in sources():
        for node in ast.walk(source.tree):
            match node:
                case ast.Call(func=reader, args=args) if ast.unparse(reader) in READERS:
                    yield from _texts(*args)
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    if name.endswith("_LISTS"):
                        yield from _texts(value)
    for template in PACKAGE.rglob("templates/**/*.html"):
        yield from IN_TEMPLATE.findall(template.read_text())


def test_every_content_file_is_read_by_some_code() -> None:
    named = set(_named())
    unread = [
        name
        for path in loader.ROOT.rglob("*.yaml")
        # A versioned template is named with its folder.
        if path.relative_to(loader.ROOT).parts[0] not in READ_WHOLE
        and (name := path.stem) not in named
        and f"{path.parent.name}/{path.stem}" not in named
    ]
    assert not unread, f"no code reads these: {sorted(unread)}"


def test_every_workflow_is_followed_by_a_model() -> None:
    followed = [one.workflow_id for one in apps.get_models() if issubclass(one, FollowsWorkflow)]
    assert sorted(followed) == every_workflow()
