"""Behind every door, whatever happens there, the log names no usager and repeats nothing typed."""

import logging
import re
from collections.abc import Iterator
from io import StringIO
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.test import Client

from tests.access.url_cases import Address, addresses
from tests.access.url_town import PERSONAL, UrlTown, build_url_town
from tests.access.world import module_database, undone
from tests.factories.town import sign_in

TYPED = "ZYXOMARK"
FIELD = re.compile(r"""\sname=["']([^"']+)["']""")
# The ids of a record are as good as a name, for whoever has the database too.
ADDRESS = re.compile(r"/usagers/|/transmissions/")


@pytest.fixture(scope="module")
def town(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Iterator[UrlTown]:
    with module_database(django_db_blocker), pytest.MonkeyPatch.context() as patch:
        patch.setattr(settings, "FILES", tmp_path_factory.mktemp("files"))
        yield build_url_town()


@pytest.fixture(scope="module")
def browser(town: UrlTown) -> Client:
    client = Client(raise_request_exception=False)
    sign_in(client, town.roles["director of all"].membership)
    return client


@pytest.fixture
def logged(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """What the handlers of a real site write."""
    text = StringIO()
    for name in ("virage", "django"):
        (handler,) = logging.getLogger(name).handlers
        monkeypatch.setattr(handler, "stream", text)
    return text


def spoil(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Fail as PostgreSQL does: it quotes the row."""
    if sql.startswith(("INSERT", "UPDATE")):
        raise IntegrityError(f"DETAIL: Failing row contains ({TYPED}, {PERSONAL[0]}, {params}).")
    return execute(sql, params, many, context)


def fail_to_read(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    """Fail on what the page reads, once it is known who asks."""
    if "persons_" in sql or "record_" in sql:
        raise IntegrityError(f"DETAIL: ({TYPED}, {PERSONAL[0]}, {params}).")
    return execute(sql, params, many, context)


@pytest.mark.parametrize("address", addresses(), ids=str)
def test_the_log_quotes_nobody(
    town: UrlTown, browser: Client, address: Address, logged: StringIO
) -> None:
    url = address.url(town.targets["ours"].ids)
    with undone():
        page = browser.get(f"{url}?q={TYPED}").content.decode(errors="replace")
    fields = dict.fromkeys({"q", *FIELD.findall(page)}, f"{TYPED} {PERSONAL[0]}")
    statuses = set()
    for method in address.rules:
        for fault in (None, spoil, fail_to_read):
            with undone():
                if fault is None:
                    answer = getattr(browser, method)(url, fields)
                else:
                    with connection.execute_wrapper(fault):
                        answer = getattr(browser, method)(url, fields)
            statuses.add(answer.status_code)
    text = logged.getvalue()
    assert text or address.open_to in ("public", "token")
    assert not [word for word in (TYPED, *PERSONAL) if word in text]
    assert not ADDRESS.search(text)
    if 500 in statuses:
        assert "IntegrityError" in text
