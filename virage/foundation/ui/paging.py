"""One page of an ordered list; page and sort stay in the address."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from django.core.paginator import Paginator
from django.db.models import Count, F, Model, QuerySet
from django.db.models.expressions import OrderBy
from django.http import QueryDict

PAGE_SIZE = 50
PAGE = "page"
SORT = "sort"

Row = TypeVar("Row")
Stored = TypeVar("Stored", bound=Model)


@dataclass(frozen=True)
class Column:
    """One column of a table: `order` is the list of order_by names when it can be sorted.

    Of a column that `has_blanks`, the rows without a value come last, whichever way it is sorted.
    """

    label: str
    key: str = ""
    order: tuple[str, ...] = ()
    is_number: bool = False
    has_blanks: bool = False


@dataclass(frozen=True)
class Heading:
    """A column as the table's head shows it: `url` sorts by it, `direction` says it is sorted."""

    label: str
    is_number: bool = False
    url: str = ""
    direction: str = ""


@dataclass(frozen=True, kw_only=True)
class Paging(Generic[Row]):
    """The rows of one page, and where the page stands in the list.

    `counted` is how many there are of what the list is about, which may have several rows. `form`
    is the id of the form whose words found them: a page asks again with it.
    """

    rows: Sequence[Row]
    total: int
    counted: int
    number: int
    pages: int
    headings: tuple[Heading, ...] = ()
    previous_url: str = ""
    next_url: str = ""
    first: int = 0
    last: int = 0
    form: str = ""


def paginate(
    rows: QuerySet[Stored],
    query: QueryDict,
    columns: Sequence[Column] = (),
    *,
    about: str = "pk",
    form: str = "",
) -> Paging[Stored]:
    """Return the page that the address asks for, 50 rows at most; two SQL statements.

    `rows` comes ordered; a sort asked for goes before that order, so that ties keep it. An unknown
    sort is ignored, and a page out of range gives the nearest one. `about` names the column that
    rows about one thing share. What words found is not sorted otherwise: `form` is the id of the
    form that sends them, for no address holds them.
    """
    if form:
        columns = [replace(column, order=()) for column in columns]
    wanted = query.get(SORT, "")
    column = next((c for c in columns if c.order and c.key == wanted.removeprefix("-")), None)
    if column:
        order = _ordering(column, is_reversed=wanted[0] == "-")
        rows = rows.order_by(*order, *rows.query.order_by, "pk")
    paginator = Paginator(rows, PAGE_SIZE)
    if about == "pk":
        counted = paginator.count
    else:
        counts = rows.aggregate(rows=Count("pk"), counted=Count(about, distinct=True))
        paginator.count, counted = counts["rows"], counts["counted"]
    page = paginator.get_page(query.get(PAGE))
    return Paging(
        rows=list(page.object_list),
        total=paginator.count,
        counted=counted,
        number=page.number,
        pages=paginator.num_pages,
        headings=tuple(_heading(c, query, wanted if c is column else "") for c in columns),
        previous_url=_url(query, PAGE, page.number - 1) if page.has_previous() else "",
        next_url=_url(query, PAGE, page.number + 1) if page.has_next() else "",
        first=page.start_index(),
        last=page.end_index(),
        form=form,
    )


def _ordering(column: Column, *, is_reversed: bool) -> Iterator[str | OrderBy]:
    for name in column.order:
        field = name.removeprefix("-")
        is_descending = name.startswith("-") != is_reversed
        if column.has_blanks:
            yield OrderBy(F(field), descending=is_descending, nulls_last=True)
        else:
            yield f"-{field}" if is_descending else field


def _heading(column: Column, query: QueryDict, sort: str) -> Heading:
    if not column.order:
        return Heading(column.label, column.is_number)
    is_ascending = bool(sort) and sort[0] != "-"
    direction = ("ascending" if is_ascending else "descending") if sort else ""
    url = _url(query, SORT, f"-{column.key}" if is_ascending else column.key)
    return Heading(column.label, column.is_number, url, direction)


def address_of_list(path: str, query: QueryDict) -> str:
    """Return the address of the first page of a list, with what it is filtered by."""
    kept = query.copy()
    kept.pop(PAGE, None)
    return f"{path}?{kept.urlencode()}" if kept else path


def _url(query: QueryDict, name: str, value: object) -> str:
    """Return the address of the same list with one thing changed; a new sort starts at page 1."""
    changed = query.copy()
    changed.pop(PAGE, None)
    changed[name] = str(value)
    return f"?{changed.urlencode()}"
