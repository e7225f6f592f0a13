"""The access matrix, as a table."""

from virage.foundation.access.enums import Cell, Verb, Volet
from virage.foundation.access.matrix import matrix_file, shipped


def access_matrix() -> str:
    """Return the page: a line per profession, a column per volet, then the rights on whole records.

    A figure after a right is its time window in hours.
    """
    rows = matrix_file().professions
    head = ["profession", *(volet.value for volet in Volet), "whole records"]
    lines = [
        "# Access matrix",
        "",
        f"Version {matrix_file().version}, from `virage/content/access/matrix.yaml`. "
        "The matrix is one of three conditions:",
        "the membership must also reach the person, and no restriction may close the record or "
        "the item.",
        "",
        _row(head),
        _row(["---"] * len(head)),
    ]
    for key, row in rows.items():
        cells = [_cells(key, volet) for volet in Volet]
        health = " ⚕" if row.is_health_professional else ""
        lines.append(_row([f"`{key}`<br>{row.label}{health}", *cells, ", ".join(row.verbs) or "—"]))
    lines += [
        "",
        "⚕: a health professional (CSP L1110-4).",
        "A number of hours: what was entered since.",
        "",
        "## Words",
        "",
    ]
    lines += [f"- `{word.value}`: {word.label}" for words in (Cell, Verb, Volet) for word in words]
    return "\n".join(lines) + "\n"


def _cells(profession: str, volet: Volet) -> str:
    written = [
        grant.cell.value + (f" ({grant.window_hours} h)" if grant.window_hours else "")
        for grant in shipped().grants(profession, volet)
        if grant.cell != Cell.NONE
    ]
    return ", ".join(written) or "—"


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
