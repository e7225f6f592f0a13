"""The living page `/ui/` shows every component in every state: what is not on it does not exist."""

import re

from django.template import engines

from tests.house.source import PACKAGE
from tests.house.test_templates import COMMENT, COMPONENTS
from virage.foundation.ui.templatetags.ui import register

STATES = {
    *("empty", "error", "disabled", "loading", "long", "focus"),
    *("hidden", "simulated", "locked"),
}
# Shown around the gallery rather than in it.
SHELL = ["page.html", "base.html", "_topbar.html", "_notices.html", "_form_head.html"]
GALLERY = "\n".join(
    COMMENT.sub("", path.read_text())
    for path in sorted(COMPONENTS.glob("*gallery*.html")) + [COMPONENTS / name for name in SHELL]
)


def test_every_component_is_on_it() -> None:
    shown = set(re.findall(r"{%\s*(\w+)", GALLERY))
    assert register.tags.keys() - shown == set()


def test_every_way_to_word_a_value_is_on_it() -> None:
    shown = set(re.findall(r"\|(\w+)", GALLERY))
    assert register.filters.keys() - shown == set()


def test_every_state_is_on_it() -> None:
    assert set(re.findall(r'id="state-(\w+)"', GALLERY)) == STATES


def test_every_tag_of_ours_is_a_component() -> None:
    """A second library of tags would escape the gallery."""
    libraries = {path.stem for path in PACKAGE.rglob("templatetags/*.py")} - {"__init__"}
    assert libraries == {"ui"}
    assert engines["django"].engine.builtins[-1] == "virage.foundation.ui.templatetags.ui"
