"""`python -m bench.sheets`: a questionnaire of 150 questions, shown, saved, compared."""

from collections.abc import Sequence

from bench.databases import measure_each, write_section
from bench.figures import Figures, gesture_rows, load
from bench.machine import load_told

TITLE = "A questionnaire of 150 questions"


def main() -> None:
    """Measure each database in a process of its own, and write the section."""
    databases = [load(path) for _, path in measure_each("bench.one_sheet")]
    write_section(TITLE, told(databases), is_kept=True)


def told(databases: Sequence[Figures]) -> str:
    """Return the section in Markdown."""
    lines = [
        f"`python -m bench.sheets`{load_told()}: 150 questions under 15 headings, all answered; "
        "the page holds them all. A save carries them all and changes one; in place, it shows the "
        "page again. A difference is that of two evaluations, question by question. In one "
        "process, without a network.",
        "",
        *gesture_rows(databases),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
