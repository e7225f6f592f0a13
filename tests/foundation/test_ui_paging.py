"""Pages and sorts of a list."""

import pytest
from django.contrib.auth.models import Permission
from django.http import QueryDict

from tests.guards import BoundedQueries
from virage.foundation.ui.paging import PAGE_SIZE, Column, Paging, paginate

COLUMNS = (
    Column("Code", "code", ("codename",)),
    Column("Nom", "name", ("name", "-codename")),
    Column("Note", is_number=True),
)


@pytest.fixture
def total(db: None) -> int:
    """A list of two pages: the permissions that Django creates, completed if need be."""
    one = Permission.objects.order_by("pk")[0]
    for number in range(2 * PAGE_SIZE - Permission.objects.count()):
        Permission.objects.create(
            codename=f"x{number}", name="x", content_type_id=one.content_type_id
        )
    return Permission.objects.count()


def _page(address: str) -> Paging[Permission]:
    return paginate(Permission.objects.order_by("codename", "pk"), QueryDict(address), COLUMNS)


def test_a_page_holds_fifty_rows_and_says_where_it_stands(
    total: int, queries: BoundedQueries
) -> None:
    with queries(at_most=2):
        page = _page("unit=a&page=2")
    assert len(page.rows) == min(PAGE_SIZE, total - PAGE_SIZE)
    assert (page.number, page.first, page.total) == (2, PAGE_SIZE + 1, total)
    assert page.previous_url == "?unit=a&page=1"


@pytest.mark.parametrize(("asked", "given"), [("x", 1), ("0", -1), ("-3", -1), ("9999", -1)])
def test_a_page_out_of_range_gives_the_nearest(total: int, asked: str, given: int) -> None:
    page = _page(f"page={asked}")
    assert page.number == (given if given > 0 else page.pages)


def test_a_sort_stays_in_the_address_and_turns(total: int) -> None:
    page = _page("unit=a&page=2&sort=code")
    assert [row.codename for row in page.rows] == sorted(row.codename for row in page.rows)
    code, name, note = page.headings
    assert (code.direction, code.url) == ("ascending", "?unit=a&sort=-code")
    assert (name.direction, name.url) == ("", "?unit=a&sort=name")
    assert note.url == ""
    assert "sort=code" in page.previous_url


def test_a_descending_sort_turns_every_name(total: int) -> None:
    page = _page("sort=-name")
    found = [(row.name, row.codename) for row in page.rows]
    everything = Permission.objects.order_by("-name", "codename", "pk")
    assert found == [(row.name, row.codename) for row in everything[:PAGE_SIZE]]
    assert page.headings[1].direction == "descending"


@pytest.mark.parametrize("sort", ["pk", "-", "code;drop", "content_type__model"])
def test_an_unknown_sort_is_ignored(total: int, sort: str) -> None:
    assert _page(f"sort={sort}").rows == _page("").rows
