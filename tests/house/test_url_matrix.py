"""Every address × every role × ours, elsewhere in the operator, another operator's.

An address that `urls.yaml` does not class fails; what is expected comes from that file and from
the access matrix.
"""

import re
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connection
from django.http import HttpResponse, SimpleCookie
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import get_resolver

from tests.access import matrix_file
from tests.access.url_cases import CLASSES, DONE, Address, addresses, expected, routes
from tests.access.url_town import PERSONAL, Role, UrlTown
from tests.access.whole_module import db, own_files, town
from tests.access.world import undone
from tests.factories.town import sign_in
from virage.directory.models import Membership
from virage.foundation.journal.models import JournalLine
from virage.foundation.ui.problems import STALE_PAGE
from virage.persons.models import Person

__all__ = ["db", "own_files", "town"]

FIELD = re.compile(r"""\sname=["']([^"']+)["']""")
JUNK = ("\x00", "-1", "é" * 5000)
LINK = re.compile(r"""\s(?:href|src|action|formaction|hx-[a-z]+)=["']([^"']*)["']""")
TITLE = re.compile("<title>(.*) · Virage</title>", re.DOTALL)
UNTITLED = (*PERSONAL, "Séance de kinésithérapie", "Échelle de douleur", "Venue")
READING = ("SELECT", "(SELECT", "SAVEPOINT", "RELEASE SAVEPOINT")
# A page read is journalled, and the session may note that someone is there.
NOTED = ('INSERT INTO "journal_', 'UPDATE "open_sessions_opensession"')
ROLES = (*(one for one in matrix_file.PROFESSIONS if one != "system"), "director of all")
EVERY_ADDRESS = pytest.mark.parametrize("address", addresses(), ids=str)
BEHIND_THE_DOOR = pytest.mark.parametrize(
    "address",
    [one for one in addresses() if one.open_to not in ("public", "token", "halfway")],
    ids=str,
)
CLOSED_WORDS = {
    *("volet", "kind", "uidb36", "key", "version", "number"),
    *("other", "verb", "file_format", "token", "item"),
}
BROWSER = Client(raise_request_exception=False)
STRICT_BROWSER = Client(raise_request_exception=False, enforce_csrf_checks=True)


@dataclass(frozen=True)
class Visit:
    """One role asks for one address about one target."""

    address: Address
    method: str
    role: Role
    target: str
    ids: dict[str, UUID]
    subject_id: UUID

    def __str__(self) -> str:
        where = "" if self.role.profession != "director" else f" {self.role.is_whole_operator}"
        return f"{self.method} by {self.role.profession}{where} of {self.target}"

    @property
    def knows_the_person(self) -> bool:
        is_near = self.target in ("ours", "mixed") or self.role.is_whole_operator
        is_reached = is_near and self.target != "theirs"
        return is_reached and matrix_file.knows_identities(self.role.profession)


@pytest.fixture(scope="module")
def sessions(town: UrlTown) -> dict[str, str]:
    """Sign every role in once; each visit starts from there, whatever the former one did."""
    return {name: session_of(role.membership) for name, role in town.roles.items()}


def session_of(membership: Membership) -> str:
    client = Client()
    sign_in(client, membership)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def ask(
    method: str,
    url: str,
    session: str = "",
    browser: Client = BROWSER,
    fields: dict[str, str] | None = None,
) -> HttpResponse:
    """Ask for a page as whoever holds this session."""
    browser.cookies = SimpleCookie({settings.SESSION_COOKIE_NAME: session} if session else {})
    return getattr(browser, method)(url, fields or {})


def targets_of(town: UrlTown, address: Address) -> dict[str, tuple[Person, dict[str, UUID]]]:
    """Return whom to try an address about, with the ids that stand in it."""
    tried = {name: (target.person, target.ids) for name, target in town.targets.items()}
    if address.names_something_of_a_person:
        person = tried["ours"][0]
        tried["mixed"] = (person, tried["elsewhere"][1] | {"person_id": person.pk})
    return tried if "_id" in " ".join(address.parts) else {"ours": tried["ours"]}


def roles_for(town: UrlTown, address: Address, method: str, target: str) -> Collection[str]:
    """Return every role for what is ours; farther off, one for each answer there may be.

    There only the rule and the reach count: `tests/access` tries every profession on them.
    """
    if target == "ours":
        return ROLES
    outcomes = {
        (role.is_whole_operator, *expected(address, method, role, target)): name
        for name, role in town.roles.items()
    }
    return outcomes.values()


@contextmanager
def writes_of_the_page() -> Iterator[list[str]]:
    """List what a page writes besides its lines of journal and its session."""
    written: list[str] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.startswith((*READING, *NOTED)):
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield written


def faults_of(visit: Visit, page: HttpResponse, written: list[str]) -> Iterator[str]:
    """Say what is wrong with an answer."""
    right = expected(visit.address, visit.method, visit.role, visit.target)
    if page.status_code not in right:
        yield f"status {page.status_code}, not {right}"
    if visit.method == "get" and written:
        yield f"a GET writes: {written}"
    text = page.text if page["Content-Type"].startswith("text/html") else ""
    links = [page.headers.get("Location", ""), *LINK.findall(text)]
    if personal := [link for link in links for word in PERSONAL if word.lower() in link.lower()]:
        yield f"personal in an address: {personal}"
    title = TITLE.search(text)
    if title and (not title[1] or any(word in title[1] for word in UNTITLED)):
        yield f"a title that names nothing, or what browsers must not keep: {title[1]}"
    told = [word for word in PERSONAL if word.lower() in text.lower()]
    if told and not visit.knows_the_person:
        yield f"tells {told}"
    if page.status_code == 403 and not says_why(page):
        yield "a refusal says neither why nor whom to ask"
    has_shown = told or (visit.address.is_about_a_person and page.status_code == 200)
    if has_shown and not has_line(visit):
        yield "no line in the journal"


def says_why(page: HttpResponse) -> bool:
    """Whether a refusal says which condition failed and who can open the door."""
    problem, opening = page.context.get("problem"), page.context.get("opening")
    if opening:
        return opening.rule in page.text and "adressez-vous" in page.text
    return bool(problem and problem.message and problem.whom_to_ask)


def has_line(visit: Visit) -> bool:
    """Whether the journal holds who has just seen the person."""
    return JournalLine.objects.filter(
        subject_id=visit.subject_id,
        event__professional_id=visit.role.membership.professional_id,
    ).exists()


def test_every_address_is_classified() -> None:
    assert {name for name, _, _ in routes(get_resolver())} == set(CLASSES)


def test_addresses_carry_ids_and_closed_words_alone() -> None:
    for address in addresses():
        parts = re.findall(r"<(\w+:)?(\w+)>", address.route)
        words = {name for converter, name in parts if converter != "uuid:"}
        assert words <= CLOSED_WORDS, address


@pytest.mark.once
@BEHIND_THE_DOOR
def test_each_role_gets_what_its_rule_says(
    town: UrlTown, sessions: dict[str, str], address: Address
) -> None:
    wrong = {}
    tried = targets_of(town, address).items()
    for (target, (person, ids)), method in product(tried, address.rules):
        for name in roles_for(town, address, method, target):
            visit = Visit(address, method, town.roles[name], target, ids, person.subject_id)
            with undone(), writes_of_the_page() as written:
                page = ask(method, address.url(ids), sessions[name])
                if faults := list(faults_of(visit, page, written)):
                    wrong[str(visit)] = faults
    assert not wrong


@EVERY_ADDRESS
def test_a_method_without_a_rule_is_refused(
    town: UrlTown, sessions: dict[str, str], address: Address
) -> None:
    url = address.url(town.targets["ours"].ids)
    for method in {"get", "post"} - address.rules.keys():
        with undone():
            assert ask(method, url, sessions["director of all"]).status_code == 405, method
    for method, session in product(("head", "options"), ("", sessions["director of all"])):
        with undone():
            assert ask(method, url, session).status_code < 500, method


@EVERY_ADDRESS
def test_nobody_enters_without_signing_in(town: UrlTown, address: Address) -> None:
    url = address.url(town.targets["ours"].ids)
    for method in address.rules:
        with undone():
            page = ask(method, url)
        if address.open_to == "public":
            assert page.status_code in DONE[method]
        elif address.open_to == "token":
            assert page.status_code == 404
        elif address.open_to == "halfway":
            assert (page.status_code, page.url) == (302, resolve_url("account_login"))
        else:
            assert page.status_code == 302
            # An address may open to buttons alone: those start again from the home page.
            following = url if method == "get" else "/"
            assert page.url == f"{resolve_url('account_login')}?next={following}"


@EVERY_ADDRESS
def test_nobody_acts_without_a_situation(town: UrlTown, address: Address) -> None:
    member = town.roles["director of all"].membership
    url = address.url(town.targets["ours"].ids)
    with undone():
        Membership.objects.filter(pk=member.pk).update(ends_on=member.starts_on)
        session = session_of(member)
        pages = [ask(method, url, session) for method in address.rules]
    sent_to_choose = [page.headers.get("Location") == "/situation/" for page in pages]
    assert all(sent_to_choose) if address.open_to == "situation" else not any(sent_to_choose)


@EVERY_ADDRESS
def test_a_form_of_another_site_is_refused(
    town: UrlTown, sessions: dict[str, str], address: Address
) -> None:
    if "post" in address.rules:
        url = address.url(town.targets["ours"].ids)
        with undone():
            page = ask("post", url, sessions["director of all"], STRICT_BROWSER)
        assert page.status_code == 403
        assert page.context["problem"] == STALE_PAGE


@BEHIND_THE_DOOR
def test_junk_breaks_no_page(town: UrlTown, sessions: dict[str, str], address: Address) -> None:
    url, method = address.url(town.targets["ours"].ids), next(iter(address.rules))
    able = (r for r in ROLES if expected(address, method, town.roles[r], "ours") == DONE[method])
    role = next(able, ROLES[0])
    with undone():
        text = ask("get", url, sessions[role]).content.decode(errors="replace")
    fields = {"page", "sort", *FIELD.findall(text)}
    for method, junk in product(address.rules, JUNK):
        with undone():
            answer = ask(method, url, sessions[role], fields=dict.fromkeys(fields, junk))
        assert answer.status_code < 500, (method, junk[:9])
