"""The fields of days, moments and addresses are ours everywhere: Django's own say otherwise."""

import ast

from tests.house.source import PACKAGE, sources

OWN = PACKAGE / "foundation" / "ui" / "fields.py"


def test_no_form_has_a_field_of_django_where_we_have_ours() -> None:
    theirs = [
        f"{source}:{node.lineno}"
        for source in sources()
        if source.path != OWN
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute)
        and node.attr in ("DateField", "DateTimeField", "EmailField")
        and isinstance(node.value, ast.Name)
        and node.value.id == "forms"
    ]
    assert not theirs, "virage.foundation.ui.fields has them"
