"""Running the command line inside a test."""

import json
from typing import Any

from click.testing import CliRunner, Result

from virage.cli.commands import virage


def run(*arguments: object, answers: str = "") -> Result:
    """Run `virage` with these arguments; a fault of ours raises, a refusal is an exit code."""
    result = CliRunner().invoke(virage, [str(one) for one in arguments], input=answers)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def run_json(*arguments: object) -> tuple[int, Any]:
    """Run a command with `--json`; return its exit code and what it wrote."""
    result = run(*arguments, "--json")
    return result.exit_code, json.loads(result.stdout)
