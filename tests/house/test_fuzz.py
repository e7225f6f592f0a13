"""What no screen sends: each door with each of its fields, filled as someone ill-meaning would.

No answer is a failure of ours, nothing comes back as markup, and another operator's rows stay as
they were. A form is sent as its page shows it but for what is nasty. The suite draws as many cases
as its few seconds allow, always in the same order; VIRAGE_FUZZ_S=3600 tries them all.
"""

import os
import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from itertools import count, product
from random import Random
from typing import Any, TypeVar
from urllib.parse import quote, urlencode
from uuid import UUID

import pytest
from django.apps import apps
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, models
from django.http import HttpResponse, SimpleCookie
from django.test import Client
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.access.url_cases import DONE, Address, addresses, expected
from tests.access.url_town import UrlTown
from tests.access.whole_module import db, own_files, town
from tests.access.world import undone
from tests.factories.town import sign_in

__all__ = ["db", "own_files", "town"]

OPTION = re.compile(r"""<option value=["']([^"']+)["']""")
# Fields of the lists, that no form of theirs always shows.
PARAMETERS = {"page", "sort", "q", "unit", "state", "period", "next", "volet", "from", "to"}
MARKUP = "'\"><script>alert(7)</script><img src=x onerror=alert(7)>"
NASTY = {
    "empty": "",
    "blank": " \t\r\n\u00a0\u200b",
    "long": "é" * 50_000,
    "nul": "a\x00b",
    "surrogate": "\udcff\ud800",
    "right to left": "\u202eمرحبا\u202c",
    "emoji": "👩🏽‍🦽" * 40,
    "huge": "9" * 400,
    "negative": "-1",
    "float": "1e308",
    "not a number": "NaN",
    "no such day": "2026-02-30",
    "no such year": "99999-01-01T25:61",
    "first day": "0001-01-01",
    "first instant": "0001-01-01T00:00",
    "last instant": "9999-12-31T23:59",
    "skipped hour": "2026-03-29T02:30",
    "markup": MARKUP,
    "template": "{{1789*7331}}{% debug %}${1789*7331}",
    "quote": "' OR 1=1; DROP TABLE persons_person; --",
    "like": "%_\\",
    "path": "../" * 30 + "etc/passwd",
    "address": "https://ailleurs.example//%0d%0aSet-Cookie:x=1",
    "bad uuid": "01890000-zzzz-7000-8000-000000000000",
    "no such uuid": "01890000-0000-7000-8000-000000000000",
    "list": '[1,{"a":[]}]',
    "control": "\x1b[31m\x07\x7f",
}
UPLOADS = (
    b"", b"\x00" * 64, b"%PDF-1.4\n" + b"\xff" * 99, b"{\"resourceType\": [", b"<a" * 999,
    b"\x89PNG\r\n\x1a\n" + b"\x00" * 40, b"PK\x03\x04" + b"\xff" * 40,
)  # fmt: skip
FILE_NAMES = ("x.pdf", "../\x00x.json", "é" * 300 + ".png")
FOR_S = float(os.environ.get("VIRAGE_FUZZ_S", "8"))
DRAWN_AT_ONCE = 20
C = TypeVar("C")
BROWSER = Client(raise_request_exception=False)


@dataclass(frozen=True)
class Door:
    """One address and method, who gets the furthest through it, and the fields of its page."""

    address: Address
    method: str
    session: str
    url: str
    fields: dict[str, str]
    options: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.method} {self.address}"


@pytest.fixture(scope="module")
def doors(town: UrlTown) -> list[Door]:
    """Every door, opened by the first role that may."""
    sessions = {name: _session(role.membership) for name, role in town.roles.items()}
    ids = town.targets["ours"].ids
    found = []
    for address in addresses():
        pages: dict[str, str] = {}
        for method in address.rules:
            session = next(
                (
                    sessions[name]
                    for name, role in town.roles.items()
                    if address.open_to != "public"
                    and expected(address, method, role, "ours") == DONE[method]
                ),
                "",
            )
            if not session and address.open_to == "situation":
                continue  # nobody of the town may
            url = address.url(ids)
            with undone():
                page = pages.setdefault(session, _text(_ask("get", url, session)))
            fields = dict.fromkeys(sorted(PARAMETERS), "") if method == "get" else {}
            fields |= _shown(page)
            options = tuple(OPTION.findall(page))[:40]
            found.append(Door(address, method, session, url, fields, options))
    assert any({"volet", "text", "happened_at"} <= door.fields.keys() for door in found)
    return found


class _Fields(HTMLParser):
    """Reads the fields of a page, each with what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self.open = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "option":
            if self.open and ("selected" in given or not self.values[self.open]):
                self.values[self.open] = given.get("value", "")
        elif tag in ("input", "button", "select", "textarea") and name:
            is_open = tag in ("select", "textarea")
            self.open = name if is_open else ""
            if "checked" in given or given.get("type") not in ("checkbox", "radio"):
                self.values[name] = given.get("value", "")
            self.values.setdefault(name, "")

    def handle_data(self, text: str) -> None:
        if self.open and self.lasttag == "textarea":
            self.values[self.open] += text

    def handle_endtag(self, tag: str) -> None:
        if tag in ("select", "textarea"):
            self.open = ""


def _shown(page: str) -> dict[str, str]:
    """Return the fields of a page with what they show, so that a form sent as it is would hold."""
    parser = _Fields()
    parser.feed(page)
    parser.values.pop("csrfmiddlewaretoken", "")
    return parser.values


def _session(membership: Any) -> str:
    client = Client()
    sign_in(client, membership)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _text(page: Any) -> str:
    return b"".join(page).decode(errors="replace")


def _ask(method: str, url: str, session: str, body: str = "") -> Any:
    """Send raw fields, so that what no dictionary of Django's holds can be sent too."""
    BROWSER.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: session} if session else {})
    if method == "get":
        return BROWSER.generic("GET", url, QUERY_STRING=body)
    return BROWSER.generic("POST", url, body, content_type="application/x-www-form-urlencoded")


def _encoded(pairs: list[tuple[str, str]]) -> str:
    return urlencode(pairs, errors="surrogatepass")


def theirs(town: UrlTown) -> list[str]:
    """Return the ids of another operator, which a field may name."""
    return [str(one) for one in town.targets["theirs"].ids.values()]


def in_time(cases: Iterable[C]) -> Iterator[C]:
    """Yield the cases in an order of chance, always the same, while there is time."""
    ends_at = time.monotonic() + FOR_S
    shuffled = list(cases)
    Random("fuzz").shuffle(shuffled)  # noqa: S311  # no secret
    for case in shuffled:
        if time.monotonic() > ends_at:
            return
        yield case


def fault_of(page: Any) -> str:
    """Say what is wrong with an answer, whatever it refuses or does."""
    if page.status_code >= 500:
        return f"status {page.status_code}"
    if "ailleurs.example" in page.headers.get("Location", ""):
        return f"leads elsewhere: {page.headers['Location']}"
    if page.headers.get("Content-Type", "").startswith("text/html"):
        text = _text(page)
        if "<script>alert" in text or "<img src=x" in text:
            return "gives markup back"
        if str(1789 * 7331) in text:
            return "evaluates what was typed"
    return ""


@cache
def _tables() -> tuple[type[models.Model], ...]:
    return tuple(
        one
        for one in apps.get_models()
        if {"operator", "operator_id"} & {field.attname for field in one._meta.concrete_fields}
        and one.__module__.startswith("virage.")
    )


def rows_of(operator_id: UUID) -> list[Any]:
    """Return every row of another operator, what a stranger must leave as it was."""
    return [
        (
            model.__name__,
            sorted(map(repr, model._default_manager.filter(operator_id=operator_id).values_list())),
        )
        for model in _tables()
    ]


def test_a_fault_is_seen() -> None:
    faulty = [
        HttpResponse(status=500),
        HttpResponse(f"<p>{MARKUP}</p>"),
        HttpResponse("<p>13115159</p>"),
        HttpResponse(status=302, headers={"Location": "https://ailleurs.example/"}),
    ]
    assert all(fault_of(page) for page in faulty)
    assert not fault_of(HttpResponse("&lt;script&gt;alert(7)"))


def test_every_door_bears_every_nasty_value(town: UrlTown, doors: list[Door]) -> None:
    """Each value stands in each field of each door, the others as the page shows them."""
    other = town.targets["theirs"].person.operator_id
    before = rows_of(other)
    wrong = []
    values = [*NASTY.values(), *theirs(town)[:3]]
    cases = (
        (door, name, value)
        for door, value in product(doors, values)
        for name in door.fields or ("page",)
    )
    for door, name, value in in_time(cases):
        body = _encoded([*(door.fields | {name: value}).items()])
        with undone():
            if fault := fault_of(_ask(door.method, door.url, door.session, body)):
                wrong.append((str(door), name, value[:30], fault))
    assert not wrong
    assert rows_of(other) == before


def test_every_door_bears_a_nasty_address(doors: list[Door]) -> None:
    wrong = []
    values = ("\x00", "é" * 3000, MARKUP, "01890000-zzzz", "%ff%fe")
    for door, value in in_time(product(doors, values)):
        start = door.url.rstrip("/").rpartition("/")[0]
        with undone():
            url = f"{start}/{quote(value, safe='%')}/"
            if fault := fault_of(_ask(door.method, url, door.session)):
                wrong.append((str(door), value[:20], fault))
    assert not wrong


def test_every_form_bears_a_file_that_is_none(doors: list[Door]) -> None:
    """Each field of a form is sent as a file, and each file is not what it says."""
    wrong = []
    forms = [door for door in doors if door.method == "post"]
    for door, content, name in in_time(product(forms, UPLOADS, FILE_NAMES)):
        names = [one for one in door.fields if "file" in one or "photo" in one] or [*door.fields]
        files = {one: SimpleUploadedFile(name, content, "application/pdf") for one in names}
        BROWSER.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: door.session})
        with undone():
            if fault := fault_of(BROWSER.post(door.url, door.fields | files)):
                wrong.append((str(door), name[:9], content[:9], fault))
    assert not wrong


def test_mixtures_break_nothing(town: UrlTown, doors: list[Door]) -> None:
    """Fields left out, said twice, filled each in its own way, ids of others among them."""
    other = town.targets["theirs"].person.operator_id
    ids = [str(one) for one in town.targets["ours"].ids.values()] + theirs(town)
    before = rows_of(other)
    values = st.sampled_from([*NASTY.values(), *ids, "on", "1", "2026-03-11", "2026-03-11T10:00"])
    ends_at = time.monotonic() + FOR_S

    @hypothesis_settings(
        max_examples=DRAWN_AT_ONCE,
        derandomize=False,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(data=st.data())
    def one(data: st.DataObject) -> None:
        door = data.draw(st.sampled_from(doors), label="door")
        choices = values | st.sampled_from(door.options) if door.options else values
        names = st.sampled_from([*door.fields] or ["page"])
        filled = st.lists(st.tuples(names, choices), min_size=1, max_size=6)
        nasty = data.draw(filled, label="nasty")
        left_out = data.draw(st.sets(names, max_size=2), label="left out")
        shown = [one for one in door.fields.items() if one[0] not in left_out]
        body = _encoded([*shown, *nasty])
        with undone():
            page = _ask(door.method, door.url, door.session, body)
        assert not fault_of(page)

    for rank in count():
        seed(rank)(one)()
        if time.monotonic() > ends_at:
            break
    assert rows_of(other) == before
    assert connection.in_atomic_block
