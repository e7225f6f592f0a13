"""The history of an account has a word for each gesture on it, and for no other."""

import ast

from tests.house.source import PACKAGE, sources
from virage.foundation.content import nomenclature


def test_each_gesture_on_an_account_has_its_words() -> None:
    written = {
        node.value
        for source in sources(PACKAGE / "directory")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if node.value.startswith(("sign_in.", "account.")) and " " not in node.value
    }
    known = nomenclature.get("door_gesture").labels().keys()
    assert known == written - {"account.factor"}
