"""« Voir comme » at every address: whoever looks gains nothing, writes nothing, and comes back."""

import time
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
from django.conf import settings
from django.test import Client, override_settings

from tests.access.url_cases import Address, addresses
from tests.access.url_town import UrlTown, build_url_town
from tests.access.world import note_by, undone
from tests.factories.town import actor_of, sign_in
from tests.house.test_url_matrix import ask, session_of, writes_of_the_page
from virage.directory.middleware import SEEN_AS, SEEN_AS_FOR_S
from virage.directory.models import Membership
from virage.foundation.access.enums import Volet
from virage.foundation.journal.models import JournalEvent, JournalLine
from virage.foundation.ui.problems import ONLY_LOOKING

ADDRESSES = [one for one in addresses() if one.open_to in ("situation", "account")]
SECRET = "Ce que la psychologue garde pour elle."
# What ends « Voir comme » may be posted; all the rest is refused.
MAY_POST = {"directory:look_back", "directory:lock_now"}
# All that gives a file to the direction in the town, whose document is of the care volet.
FILES = {"directory:import_errors", "exchange:import_file", "record:accesses_file"}


@pytest.fixture(scope="module", autouse=True)
def own_files(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with override_settings(FILES=tmp_path_factory.mktemp("files")):
        yield


@pytest.fixture(scope="module")
def town(db: None, own_files: None) -> UrlTown:
    """The town with one note that the direction may not read."""
    built = build_url_town()
    person = built.targets["ours"].person
    psychologist = actor_of(built.roles["psychologist"].membership)
    note_by(psychologist, person, Volet.PSYCHOLOGICAL, text=SECRET).save()
    return built


@pytest.fixture
def diane(client: Client, town: UrlTown) -> Client:
    sign_in(client, town.roles["director"].membership)
    return client


def _look_as(client: Client, membership: Membership) -> Any:
    return client.post(f"/annuaire/situations/{membership.pk}/voir-comme/", follow=True)


@pytest.mark.parametrize("address", ADDRESSES, ids=str)
def test_no_address_gives_more_nor_writes(town: UrlTown, diane: Client, address: Address) -> None:
    own, looks = session_of(town.roles["director"].membership), diane.session
    seen = town.roles["psychologist"].membership
    looks[SEEN_AS] = {"membership": str(seen.pk), "until": time.time() + SEEN_AS_FOR_S}
    looks.save()
    for target, method in product(("ours", "elsewhere"), address.rules):
        url = address.url(town.targets[target].ids)
        with undone(), writes_of_the_page() as written:
            page = ask(method, url, looks.session_key)
        if method == "get":
            with undone():
                hers = ask("get", url, own)
            assert page.status_code != 200 or hers.status_code == 200, url
            assert not written
            assert SECRET.encode() not in b"".join(page)
        elif address.name not in MAY_POST:
            assert page.status_code == 403
            assert ONLY_LOOKING.title in page.text
            assert not written


def test_no_address_gives_a_file(town: UrlTown, client: Client) -> None:
    whole = town.roles["director of all"].membership
    sign_in(client, whole)
    own, ids = session_of(whole), town.targets["ours"].ids
    _look_as(client, town.roles["director"].membership)
    given = set()
    for address in ADDRESSES:
        if "get" not in address.rules:
            continue
        with undone():
            hers = ask("get", address.url(ids), own)
        if "attachment" not in hers.headers.get("Content-Disposition", ""):
            continue
        given.add(address.name)
        with undone(), writes_of_the_page() as written:
            page = ask("get", address.url(ids), client.session.session_key)
        assert (page.status_code, written) == (403, []), address
    assert given == FILES
    assert ONLY_LOOKING.title in client.get(f"/usagers/{ids['person_id']}/qui-a-vu/liste.csv").text


def test_the_way_there_and_back(town: UrlTown, diane: Client) -> None:
    nurse, director = town.roles["nurse"].membership, town.roles["director"].membership
    rights = diane.get(f"/annuaire/situations/{nurse.pk}/droits/")
    assert rights.context["rights"].reached == 1
    rows = {row.label: row for row in rights.context["rights"].rows}
    assert rows[Volet.MEDICAL.label].may != "rien"
    page = _look_as(diane, nurse)
    assert "Vous voyez comme" in page.text
    assert nurse.professional.display_name in page.context["shell"].seen_as
    assert page.context["shell"].display_name == director.professional.display_name
    person = town.targets["ours"].person
    diane.get(f"/usagers/{person.pk}/")
    read = JournalLine.objects.filter(subject_id=person.subject_id).latest("event__at").event
    assert (read.professional_id, read.profession) == (director.professional_id, "director")
    assert read.purpose.startswith("Voir comme " + nurse.professional.display_name)
    back = diane.post("/ma-place/", follow=True)
    assert "Vous voyez comme" not in back.text
    told = JournalEvent.objects.filter(target_id=nurse.pk, professional_id=director.professional_id)
    assert list(told.order_by("at").values_list("action", flat=True)) == [
        "membership.look_as",
        "membership.look_back",
    ]


def test_what_ends_by_itself_writes_nothing_on_its_way(
    town: UrlTown, diane: Client, monkeypatch: Any
) -> None:
    _look_as(diane, town.roles["nurse"].membership)
    now = time.time()
    monkeypatch.setattr("virage.directory.middleware.time.time", lambda: now + SEEN_AS_FOR_S + 1)
    monkeypatch.setattr(settings, "LOCK_MINUTES", 120)
    assert diane.post("/situation/", {}).status_code == 403
    assert SEEN_AS not in diane.session
    assert "Vous voyez comme" not in diane.get("/").text
    assert diane.post("/situation/", {}).status_code == 200


def test_the_lock_and_the_end_of_the_situation_end_it(town: UrlTown, diane: Client) -> None:
    nurse = town.roles["nurse"].membership
    _look_as(diane, nurse)
    diane.post("/verrouiller/")
    diane.get("/verrou/")
    assert SEEN_AS not in diane.session
    sign_in(diane, town.roles["director"].membership)
    _look_as(diane, nurse)
    with undone():
        Membership.objects.filter(pk=nurse.pk).update(ends_on=nurse.starts_on)
        assert "Vous voyez comme" not in diane.get("/").text
    _look_as(diane, nurse)
    diane.post("/deconnexion/")
    sign_in(diane, town.roles["director"].membership)
    assert "Vous voyez comme" not in diane.get("/").text


@pytest.mark.parametrize("role", ["nurse", "secretary", "technical_admin", "physician"])
def test_who_could_not_open_a_situation_does_not_look_as_it(
    town: UrlTown, client: Client, role: str
) -> None:
    sign_in(client, town.roles[role].membership)
    seen = town.roles["psychologist"].membership
    assert _look_as(client, seen).status_code == 403
    assert client.get(f"/annuaire/situations/{seen.pk}/droits/").status_code == 403
    assert SEEN_AS not in client.session


def test_one_looks_as_nobody_else_while_looking(town: UrlTown, diane: Client) -> None:
    _look_as(diane, town.roles["nurse"].membership)
    assert _look_as(diane, town.roles["psychologist"].membership).status_code == 403
    own = town.roles["director"].membership
    diane.post("/ma-place/")
    assert _look_as(diane, own).status_code == 404


def test_an_ordinary_page_asks_nothing_more(town: UrlTown, diane: Client, queries: Any) -> None:
    with queries(at_most=12) as before:
        diane.get("/usagers/")
    _look_as(diane, town.roles["nurse"].membership)
    with queries(at_most=13) as looking:
        diane.get("/usagers/")
    assert len(looking) <= len(before) + 1
