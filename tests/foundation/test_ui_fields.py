"""The fields of days and moments are ours everywhere: Django's own have no bound."""

import ast

from tests.house.source import PACKAGE, sources

OWN = PACKAGE / "foundation" / "ui" / "fields.py"


def test_no_form_has_a_day_or_a_moment_without_bounds() -> None:
    unbounded = [
        f"{source}:{node.lineno}"
        for source in sources()
        if source.path != OWN
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("DateField", "DateTimeField")
        and isinstance(node.value, ast.Name)
        and node.value.id == "forms"
    ]
    assert not unbounded, "virage.foundation.ui.fields has them"
