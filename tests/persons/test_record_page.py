"""The pages of a record: what each profession reads, the banner, what it costs."""

import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from tests.factories.town import Town, actor_of, sign_in
from tests.guards import BoundedQueries
from tests.persons.admissions import admit, today
from virage.foundation.coded import Coded
from virage.foundation.journal.models import JournalLine
from virage.foundation.ui.components import Badge
from virage.persons import actions
from virage.persons.enums import InsOid, InsStatus
from virage.persons.models import (
    Contact,
    Coverage,
    LegalProtection,
    Person,
    PersonAddress,
    PersonIdentifier,
    PersonTelecom,
)
from virage.persons.queries.records import identity_badges
from virage.persons.rules.photo import portrait

INS = "241039910100192"
OTHER_INS = "269054958815780"
DOUBTFUL = Badge("Identité douteuse", "danger")
UNVERIFIED = Badge("INS non vérifiée", "warning")
PAGES = ("", "sejours/", "entourage/")


PHONE = {"system": "phone", "value": "01 99 00 12 34", "use": ""}


@pytest.fixture
def rose(town: Town) -> Person:
    """Rose, with all that a record says around a person."""
    rose = admit(
        town,
        town.unit_a,
        used_family_name="de la Rochefoucauld-Montbéliard",
        stay={"room": town.room_a1},
        ins_value=INS,
        ins_oid=InsOid.NIR,
    )
    actor = actor_of(town.command_line)
    son = Contact(
        family_name="Roux",
        given_name="Hector",
        is_emergency_contact=True,
        relation=Coded(code="SON", display="Fils biologique"),
        role=Coded(code="ECON", display="Personne à prévenir en cas d'urgence"),
        telecoms=[PHONE],
    )
    actions.add_item(actor, person=rose, item=son)
    measure = LegalProtection(kind="tutelle", holder=son, covers_goods=True)
    actions.add_item(actor, person=rose, item=measure)
    actions.add_item(actor, person=rose, item=Coverage(kind="AMO", payer_name="CPAM"))
    actions.add_item(actor, person=rose, item=PersonAddress(city="Bourg-Fictif"))
    telecom = PersonTelecom(system="phone", value="01 99 00 55 66")
    actions.add_item(actor, person=rose, item=telecom)
    numbers = [PersonIdentifier(kind="PI", value=value) for value in ("D-2041", INS)]
    actions.receive_surroundings(actor, person=rose, items=numbers)
    return rose


def test_an_ins_received_that_contradicts_the_traits_is_said_once(
    client: Client, town: Town, rose: Person
) -> None:
    Person.objects.filter(pk=rose.pk).update(sex="male", birth_on=date(1942, 4, 12))
    sign_in(client, town.sofia)
    page = client.get(f"/usagers/{rose.pk}/").text
    assert page.count("se contredisent") == 1
    assert page.count("<li>Le premier chiffre du matricule") == 1
    assert page.count("<li>L’année du matricule") == page.count("<li>Le mois du matricule") == 1


def test_the_ins_that_a_file_brought_among_the_numbers_is_not_another_one(
    client: Client, town: Town, rose: Person
) -> None:
    system = f"urn:oid:{InsOid.NIR}"
    numbers = [
        PersonIdentifier(kind="INS", value=value, system=system) for value in (INS, OTHER_INS)
    ]
    actions.receive_surroundings(actor_of(town.command_line), person=rose, items=numbers)
    sign_in(client, town.sofia)
    page = client.get(f"/usagers/{rose.pk}/").text
    assert page.count(OTHER_INS) == 1
    assert page.count(f"<td>{INS}") == 0


def test_who_reads_the_volet_reads_all_of_it(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.alice)
    text = "".join(client.get(f"/usagers/{rose.pk}/{page}").text for page in PAGES)
    for said in (
        "de la Rochefoucauld-Montbéliard",
        "LAMBERT",
        INS,
        "INS non vérifiée",
        "Bourg-Fictif",
        "01 99 00 55 66",
        "D-2041",
        "(numéro national masqué)",
        "Hector Roux",
        "À prévenir en urgence",
        "Tutelle",
        "CPAM",
        "Chambre 12, Rez-de-jardin",
    ):
        assert said in text
    assert "Modifier" not in text


@pytest.mark.parametrize("who", ["aude", "nina"])
def test_who_knows_identities_alone_has_who_to_call(
    client: Client, town: Town, rose: Person, who: str
) -> None:
    sign_in(client, getattr(town, who))
    page = client.get(f"/usagers/{rose.pk}/")
    whom, how = page.text.index("Hector Roux"), page.text.index("01 99 00 12 34")
    assert whom < how < page.text.index("État civil")
    assert page.text.lower().count("à prévenir en") == 1
    for hidden in (INS, "Bourg-Fictif", "D-2041", "CPAM", "Entourage"):
        assert hidden not in page.text
    for path in ("sejours/", "entourage/"):
        refused = client.get(f"/usagers/{rose.pk}/{path}")
        assert refused.status_code == 403
        assert "Administratif" in refused.text


@pytest.mark.parametrize("who", ["aude", "alice", "sofia", "gaspard"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_a_record_costs_the_same_however_full(
    client: Client, town: Town, rose: Person, who: str, path: str, queries: BoundedQueries
) -> None:
    sign_in(client, getattr(town, who))
    empty = admit(town, town.unit_a, "Paul", "Petit")
    with queries(at_most=12) as little:
        client.get(f"/usagers/{empty.pk}/{path}")
    actor = actor_of(town.command_line)
    for number in range(15):
        contact = Contact(family_name=f"Roux {number}", is_emergency_contact=True, telecoms=[PHONE])
        actions.add_item(actor, person=rose, item=contact)
        admit(town, town.unit_a, "Rose", "de la Rochefoucauld-Montbéliard")
    with queries(at_most=12) as much:
        client.get(f"/usagers/{rose.pk}/{path}")
    assert len(little) == len(much)


def test_a_doubtful_identity_does_not_hide_an_unverified_number(client: Client, town: Town) -> None:
    rose = admit(town, town.unit_a, ins_value=INS, ins_oid=InsOid.TEST)
    Person.objects.update(is_doubtful=True)
    sign_in(client, town.alice)
    page = client.get(f"/usagers/{rose.pk}/")
    assert page.context["record"].identity.ins == (DOUBTFUL, UNVERIFIED)
    assert "INS non vérifiée" in page.text


@pytest.mark.parametrize(
    ("values", "is_demo", "badges"),
    [
        ({}, True, [Badge("Identité provisoire, sans INS")]),
        ({"ins_status": InsStatus.VALIDATED}, False, [Badge("Identité validée, sans INS")]),
        ({"is_doubtful": True}, False, [DOUBTFUL]),
        ({"is_doubtful": True, "ins_value": INS}, False, [DOUBTFUL, UNVERIFIED]),
        ({"is_fictitious": True}, False, [Badge("Identité fictive", "warning")]),
        ({"ins_value": INS}, False, [UNVERIFIED]),
        (
            {"ins_value": INS, "ins_oid": InsOid.NIR, "ins_status": InsStatus.QUALIFIED},
            True,
            [UNVERIFIED],
        ),
        (
            {"ins_value": INS, "ins_oid": InsOid.NIR, "ins_status": InsStatus.QUALIFIED},
            False,
            [Badge("INS qualifiée", "success")],
        ),
        (
            {"ins_value": INS, "ins_oid": InsOid.TEST, "ins_status": InsStatus.RETRIEVED},
            True,
            [Badge("INS récupérée (essai)", "simulated")],
        ),
    ],
)
def test_the_banner_says_what_the_identity_is_worth(
    settings: Any, values: dict[str, Any], is_demo: bool, badges: list[Badge]
) -> None:
    settings.IS_DEMO = is_demo
    assert identity_badges(Person(**values)) == badges


def test_what_a_file_claimed_is_said_in_words(client: Client, town: Town, rose: Person) -> None:
    Person.objects.update(claimed_status="VALI")
    rose.stays.update(entry_label="Sur demande", exit_label="Par sa fille")
    rose.stays.update(origin_name="Organization/tddui-organization-origine-example")
    sign_in(client, town.alice)
    assert "Identité validée" in client.get(f"/usagers/{rose.pk}/").text
    stays = client.get(f"/usagers/{rose.pk}/sejours/").text
    assert "Structure non nommée" in stays
    assert "Organization/" not in stays
    assert "Précision sur l’entrée" in stays
    assert "Précision sur la sortie" in stays


def test_the_compulsory_cover_stands_first(client: Client, town: Town, rose: Person) -> None:
    actor = actor_of(town.command_line)
    for kind in ("", "AMC"):
        actions.add_item(actor, person=rose, item=Coverage(kind=kind, payer_name="Autre"))
    sign_in(client, town.alice)
    found = client.get(f"/usagers/{rose.pk}/entourage/").context["found"]
    assert [one.kind for one in found.coverages] == ["AMO", "AMC", ""]


def test_an_exit_planned_for_a_day_gone_by_is_marked(client: Client, town: Town) -> None:
    past, coming = today() - timedelta(days=1), today()
    late = admit(town, town.unit_a, stay={"planned_exit_on": past})
    admit(town, town.unit_a, "Odile", "Petit", stay={"planned_exit_on": coming})
    gone = {"planned_exit_on": past, "exited_on": today()}
    admit(town, town.unit_a, "Paul", "Petit", stay=gone)
    sign_in(client, town.alice)
    overdue = Badge("Sortie prévue dépassée", "warning")
    rows = client.get("/usagers/").context["paging"].rows
    assert [row.person_id for row in rows if overdue in row.badges] == [late.pk]
    assert overdue.label in client.get(f"/usagers/{late.pk}/sejours/").text


def test_reading_leaves_its_trace(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.alice)
    client.get(f"/usagers/{rose.pk}/")
    line = JournalLine.objects.select_related("event").get(event__action="person.read")
    assert (line.subject_id, line.volets) == (rose.subject_id, "administrative")
    assert line.event.actor_name == "Alice Martel"


def test_the_photo_is_ours_and_checked_each_time(client: Client, town: Town, rose: Person) -> None:
    url = f"/usagers/{rose.pk}/photo/"
    sign_in(client, town.alice)
    assert client.get(url).status_code == 404
    out = io.BytesIO()
    Image.new("RGB", (640, 480), "teal").save(out, "PNG")
    actions.set_photo(
        actor_of(town.command_line), person=rose, photo=portrait(out.getvalue()), consent_on=today()
    )
    photo = client.get(url)
    assert photo.headers["Content-Type"] == "image/jpeg"
    assert photo.headers["Cache-Control"] == "private, no-cache"
    assert photo.content.startswith(b"\xff\xd8")
    assert client.get(url, headers={"if-none-match": photo.headers["ETag"]}).status_code == 304
    sign_in(client, town.basile)
    assert client.get(url, headers={"if-none-match": photo.headers["ETag"]}).status_code == 403


@pytest.mark.parametrize(
    ("country", "born", "lives"),
    [
        ("FRA", "Bourg-Fictif (99807)", "rue des Lilas, 99000 Bourg-Fictif"),
        ("France", "Bourg-Fictif (99807)", "rue des Lilas, 99000 Bourg-Fictif"),
        (
            "Belgique",
            "Bourg-Fictif, Belgique (99807)",
            "rue des Lilas, 99000 Bourg-Fictif, Belgique",
        ),
    ],
)
def test_a_country_is_said_when_it_is_another_one(
    client: Client, town: Town, country: str, born: str, lives: str
) -> None:
    place = {"birth_place_name": "Bourg-Fictif", "birth_place_code": "99807"}
    rose = admit(town, town.unit_a, **place, birth_country=country)
    address = PersonAddress(
        street="rue des Lilas", postal_code="99000", city="Bourg-Fictif", country=country
    )
    actions.add_item(actor_of(town.command_line), person=rose, item=address)
    sign_in(client, town.sofia)
    page = client.get(f"/usagers/{rose.pk}/").text
    assert f"<dd>{born}</dd>" in page
    assert f"<td>{lives}</td>" in page


def test_a_refused_page_leads_back_to_the_record_that_one_sees(
    client: Client, town: Town, rose: Person
) -> None:
    back = f'href="/usagers/{rose.pk}/"'
    refused, absent = (f"/usagers/{rose.pk}/{page}" for page in ("entourage/", "sejours/x/"))
    sign_in(client, town.nina)
    page = client.get(refused)
    assert page.status_code == 403
    assert back in page.text
    assert "Revenir au dossier" in page.text
    sign_in(client, town.basile)
    page = client.get(refused)
    assert page.status_code == 403
    assert back not in page.text
    rose.subject.is_sensitive = True
    rose.subject.save()
    for url in (refused, absent):
        page = client.get(url)
        assert page.status_code == 404
        assert "Revenir au dossier" not in page.text
