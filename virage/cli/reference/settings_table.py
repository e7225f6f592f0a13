"""The variables of the environment, as a table."""

from virage.settings.environment import VARIABLES


def settings_table() -> str:
    """Return the page: a line per variable, none of them required."""
    lines = [
        "# Settings",
        "",
        "Everything that changes from one site to the next comes from the environment. Nothing is "
        "required on one machine.",
        "",
        "| variable | holds | by default |",
        "|---|---|---|",
    ]
    for name, one in VARIABLES.items():
        lines.append(f"| `{name}` | {one.holds} | {one.default_in_words or f'`{one.default}`'} |")
    return "\n".join(lines) + "\n"
