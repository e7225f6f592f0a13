"""A file holds one noun and a function one thing: length is what a test can see of it."""

from tests.house.source import ROOT, sources

FILE_LINES = 400
FUNCTION_LINES = 60
TEMPLATE_LINES = 150


def _code():
    return [
        source
        for folder in ("virage", "tests", "bench")
        for source in sources(ROOT / folder)
        if not source.is_migration
    ]


def test_no_file_is_long() -> None:
    lengths = {str(source): len(source.path.read_text().splitlines()) for source in _code()}
    assert not {name: length for name, length in lengths.items() if length > FILE_LINES}


def test_no_function_is_long() -> None:
    lengths = {
        f"{source}:{function.name}": (function.end_lineno or 0) - function.lineno + 1
        for source in _code()
        for function in source.functions()
    }
    assert not {name: length for name, length in lengths.items() if length > FUNCTION_LINES}


def test_no_template_is_long() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in (ROOT / "virage").rglob("templates/**/*.html")
    }
    assert not {name: length for name, length in lengths.items() if length > TEMPLATE_LINES}
