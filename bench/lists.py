"""`python -m bench.lists`: what the access rules add to a list of 5,000 usagers, on both databases.

The same page, with the rules and without them, by turns in one process.
"""

from collections.abc import Sequence

from bench.databases import measure_each, write_section
from bench.figures import Comparison, Figures, load

TITLE = "What the access rules cost a list"
MOST = 1.3


def main() -> None:
    """Measure each database in a process of its own, and write the section."""
    write_section(
        TITLE, told([load(path) for _, path in measure_each("bench.one_list")]), is_kept=True
    )


def told(databases: Sequence[Figures]) -> str:
    """Return the section in Markdown."""
    lines = [
        f"`python -m bench.lists`: {databases[0].usagers:,} usagers in one establishment; one in "
        "fifty objects to each reader, and others to other professions. Medians of pages made by "
        "turns with the rules and without them; the ratio is the median of those of each turn.",
        "",
        "| list | database | with the rules | without | ratio | statements, few and all | budget |",
        "| --- | --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for figures in databases:
        lines += [_line(figures.database, one) for one in figures.comparisons]
    return "\n".join(lines) + "\n"


def _line(database: str, one: Comparison) -> str:
    is_kept = one.ratio <= MOST and one.statements <= one.statements_of_few
    return (
        f"| {one.name} | {database} | {one.with_ms:.1f} ms | {one.without_ms:.1f} ms | "
        f"{one.ratio:.2f} | {one.statements_of_few}, {one.statements} | "
        f"{MOST} and no more statements: {'kept' if is_kept else '**missed**'} |"
    )


if __name__ == "__main__":
    main()
