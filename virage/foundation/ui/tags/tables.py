"""Tables, where people compare, and the way from page to page."""

from collections.abc import Sequence
from typing import Any

from django.template import Library
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from virage.foundation.ui.paging import Column, Heading, Paging

register = Library()


@register.simple_block_tag
def table(
    content: str,
    caption: str,
    paging: Paging[Any] | None = None,
    columns: Sequence[Column] = (),
    target: str = "",
    keeps_columns: bool = False,
    is_list: bool = False,
    noun: str = "ligne",
) -> SafeString:
    """Show rows (`<tr>` in the block) under the columns of `paging`, or under `columns` alone.

    `target` is the id of the element around the table, swapped alone by a sort or a page. On a
    phone each row becomes two lines, unless `keeps_columns`: a comparison needs its columns. A row
    of a list (`is_list`, or any with a `paging`) never takes more: on a wide screen one line, cut
    in its first cell and in those of class `gives-way`, which have their whole text as `title`;
    those of class `wraps` are read whole. The head, which sorts, is a menu on a phone. `noun` says
    in the singular what the rows of a `paging` are.
    """
    headings = paging.headings if paging else tuple(Heading(c.label, c.is_number) for c in columns)
    sorted_by = next((one.label for one in headings if one.direction), "")
    return render_to_string(
        "ui/table.html",
        {
            "content": content,
            "caption": caption,
            "headings": headings,
            "sorts": [] if keeps_columns else [one for one in headings if one.url],
            "sorts_label": f"Trié par\u00a0: {sorted_by}" if sorted_by else "Trier par",
            "paging": paging,
            "target": target,
            "keeps_columns": keeps_columns,
            "is_list": is_list or paging is not None,
            "noun": noun,
        },
    )


@register.inclusion_tag("ui/pagination.html")
def pagination(paging: Paging[Any], target: str = "", noun: str = "ligne") -> dict[str, object]:
    """Say which rows these are of how many, with links to the page before and after."""
    told = _plural(noun) if paging.counted > 1 else noun
    return {"paging": paging, "target": target, "noun": told}


def _plural(noun: str) -> str:
    if noun.endswith("s"):
        return noun
    return f"{noun}x" if noun.endswith("eau") else f"{noun}s"
