"""A template and what was read become the tree that the three writers write."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from virage.editions.rules.templates import Part, Template, Told, Wanted
from virage.formats.edition.tree import (
    Block,
    Column,
    Edition,
    Heading,
    Items,
    Paragraph,
    Signatures,
    Table,
    Values,
    cleaned,
)

# What stands for an absent value: an empty place could be filled in by anyone.
ABSENT = "Non renseigné"
Rows = Sequence[Mapping[str, str]]


@dataclass(frozen=True, kw_only=True)
class Frame:
    """What stands around the content: whose it is, who edits it and when.

    `precisely` goes on with the title: the place and the day of a list.
    """

    structure: tuple[str, ...]
    identity: tuple[str, ...]
    maker: str
    state: str
    about: str = ""
    precisely: tuple[str, ...] = ()


def compose(
    template: Template, wanted: Wanted, told: Told, frame: Frame, before: Sequence[Block] = ()
) -> Edition:
    """Return the edition; a part that the reader may not read leaves no trace.

    `before` stands before the parts of the template.
    """
    blocks = [*before, *(block for part in template.parts for block in _blocks(part, told))]
    about = [frame.about, _period(wanted) if template.has_period else ""]
    if template.chooses_volet and wanted.volet:
        about.append(f"Volet\u00a0: {wanted.volet.label}")
    edition = Edition(
        title=", ".join((template.title, *frame.precisely)),
        subtitle="\n".join(filter(None, about)),
        structure=frame.structure,
        identity=frame.identity,
        state=frame.state,
        mark=template.mark,
        maker=frame.maker,
        blocks=tuple(blocks),
    )
    return cleaned(edition)


def state_of(*, is_identity_sure: bool, until: date | None, today: date) -> str:
    """Return why an edition is provisional, or nothing: an identity that nobody has checked on a
    document, a period that goes on.
    """
    reasons = [] if is_identity_sure else ["identité non validée"]
    if until and until >= today:
        reasons.append("période en cours")
    return f"Provisoire\u00a0: {', '.join(reasons)}" if reasons else ""


def _period(wanted: Wanted) -> str:
    since = f"du {wanted.since:%d/%m/%Y} " if wanted.since else ""
    return f"{since}au {wanted.until:%d/%m/%Y}".capitalize() if wanted.until else ""


def _blocks(part: Part, told: Told) -> Iterator[Block]:
    rows: Rows | None = told[part.source] if part.source else ()
    if rows is None:
        return
    if part.heading:
        yield Heading(part.heading)
    if part.text:
        yield Paragraph(part.text)
    if part.source:
        yield _shown(part, rows) if rows else Paragraph(part.nothing)
    if part.signatures:
        yield Signatures(part.signatures)


def _shown(part: Part, rows: Rows) -> Block:
    cells = [[row[field.key] for field in part.fields] for row in rows]
    match part.layout:
        case "table":
            columns = tuple(Column(field.label, field.share) for field in part.fields)
            return Table(columns, tuple(tuple(row) for row in cells))
        case "items":
            return Items(tuple("\u00a0: ".join(filter(None, row)) for row in cells))
    labels = [field.label for row in cells for field in part.fields]
    values = [value or ABSENT for row in cells for value in row]
    return Values(tuple(zip(labels, values, strict=True)))
