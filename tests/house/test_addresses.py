"""The address of a code list, of a registry or of a template is written once."""

import ast
import re
from collections import Counter

from tests.house.source import sources

# An address, or an OID: five arcs at least tell it from a version.
ADDRESS = re.compile(r"\{?https?://[^\s{}]+\}?\w*|(?:urn:oid:)?[0-2](?:\.\d+){4,}")


def test_an_address_is_written_once() -> None:
    written = Counter(
        node.value.removeprefix("urn:oid:")
        for source in sources()
        if not source.is_migration
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and ADDRESS.fullmatch(str(node.value))
    )
    assert len(written) > 40
    assert not {address for address, times in written.items() if times > 1}
