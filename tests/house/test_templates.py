"""Templates compile, serve, keep to the components and leave the browser's policy whole."""

import ast
import re
from pathlib import Path

import pytest
from django.template import engines

from tests.house.source import PACKAGE, sources

TEMPLATES = sorted(path for path in PACKAGE.rglob("templates/**/*") if path.is_file())
COMPONENTS = PACKAGE / "foundation" / "ui" / "templates" / "ui"
BLOCKS = ["title", "head", "banner", "main", "scripts"]
CALLED_BY_LIBRARIES = {"429.html", "400.html", "403.html", "403_csrf.html", "404.html", "500.html"}

CONTROL = re.compile(r"<(?:button|input|select|textarea)\b")
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.I)
COMMENT = re.compile(r"{#.*?#}|{% comment.*?endcomment %}", re.DOTALL)
INCLUSION = re.compile(r"""{%\s*(?:extends|include)\s[^%]*?["']([^"']+)["']""")

every_template = pytest.mark.parametrize(
    "path", TEMPLATES, ids=lambda path: str(path.relative_to(PACKAGE))
)


def _name(path: Path) -> str:
    """Return the name by which Django knows a template."""
    parts = path.relative_to(PACKAGE).parts
    return "/".join(parts[parts.index("templates") + 1 :])


def _text(path: Path) -> str:
    return COMMENT.sub("", path.read_text())


def _named() -> set[str]:
    """Return every text in the code and every template that another one calls."""
    in_code = {
        node.value
        for source in sources()
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return in_code.union(*(INCLUSION.findall(_text(path)) for path in TEMPLATES))


def _overrides_another_package(name: str) -> bool:
    """Whether an installed package brings, and so calls, a template of this name."""
    return any(
        (Path(folder) / name).exists()
        for folder in engines["django"].template_dirs
        if not Path(folder).is_relative_to(PACKAGE)
    )


@every_template
def test_it_compiles_and_is_the_one_found(path: Path) -> None:
    compiled = engines["django"].get_template(_name(path)).template
    assert Path(compiled.origin.name) == path


def test_every_template_is_used() -> None:
    named = _named() | CALLED_BY_LIBRARIES
    idle = [
        _name(path)
        for path in TEMPLATES
        if _name(path) not in named and not _overrides_another_package(_name(path))
    ]
    assert not idle


@every_template
def test_controls_come_from_the_components(path: Path) -> None:
    if not path.is_relative_to(COMPONENTS):
        assert not CONTROL.findall(_text(path)), "use the components of virage/foundation/ui"


@every_template
def test_no_script_or_style_is_inline(path: Path) -> None:
    assert not INLINE.findall(_text(path)), "the browser's policy refuses inline script and style"


@every_template
def test_blocks_keep_one_order(path: Path) -> None:
    text = _text(path)
    if "{% extends" in text:
        shared = [name for name in re.findall(r"{% block (\w+)", text) if name in BLOCKS]
        assert shared == [name for name in BLOCKS if name in shared]
