"""The list and the search: who is in, what it costs, what the address holds."""

from datetime import date, timedelta

import pytest
from django.test import Client

from tests.factories.town import Town, actor_of, sign_in
from tests.guards import BoundedQueries
from tests.persons.admissions import SINCE, admit, stay_in, today
from virage.directory.actions import create_unit
from virage.foundation.journal.models import JournalEvent, JournalLine
from virage.foundation.ui.components import Badge
from virage.persons.actions import add_item, open_stay, receive_stays
from virage.persons.models import Person, PersonIdentifier, Stay
from virage.persons.queries.lists import MOST_UNITS, home_card

INS = "241039910100192"


def rows(client: Client, path: str) -> list[str]:
    """Return the names that a list shows, in its order."""
    page = client.get(path)
    assert page.status_code == 200, page.text
    return [f"{row.given_name} {row.family_name}" for row in page.context["paging"].rows]


def found(client: Client, words: str) -> list[str]:
    page = client.post("/usagers/recherche/", {"q": words})
    assert page.status_code == 200
    result = page.context["found"]
    return [f"{row.given_name} {row.family_name}" for row in result.rows] if result else []


@pytest.fixture
def home(client: Client, town: Town) -> Client:
    """Seven people: five at the EHPAD in each state, one at the IME, one elsewhere; Alice reads."""
    stay = {"room": town.room_a1, "file_number": "D/204"}
    rose = admit(town, town.unit_a, "Rose", "Lambert", stay=stay)
    for kind, value in (
        ("PI", "3990000101/L-204"),
        ("PIN", "MDPH-4455667"),
        ("NH", "2690549588157"),
    ):
        number = PersonIdentifier(kind=kind, value=value)
        add_item(actor_of(town.sofia), person=rose, item=number)
    admit(town, town.unit_b, "Ève", "D'Angelo", ins_value=INS, ins_oid="1.2.250.1.213.1.4.10")
    admit(town, town.unit_a, "Odile", "Petit", used_family_name="de la Tour-Ménard")
    planned = {"entered_on": None, "planned_entry_on": today() + timedelta(days=3)}
    admit(town, town.unit_a, "Paul", "Prévu", stay=planned)
    gone = {"exited_on": today() - timedelta(days=3)}
    admit(town, town.unit_a, "Simone", "Sortie", birth_on=date(1930, 7, 14), stay=gone)
    admit(town, town.ime_unit, "Inès", "Faure", birth_on=date(2014, 7, 14))
    sign_in(client, town.alice)
    return client


@pytest.mark.parametrize(
    ("who", "query", "names"),
    [
        ("alice", "", ["Odile de la Tour-Ménard", "Rose Lambert"]),
        ("alice", "?state=planned", ["Paul Prévu"]),
        ("alice", "?state=past", []),
        ("sofia", "", ["Ève D'Angelo", "Odile de la Tour-Ménard", "Rose Lambert"]),
        ("sofia", "?state=past", ["Simone Sortie"]),
        ("sofia", "?sort=-name", ["Rose Lambert", "Odile de la Tour-Ménard", "Ève D'Angelo"]),
        ("sofia", "?unit={unit_b}", ["Ève D'Angelo"]),
        ("sofia", "?unit={ime_unit}&state=lost", 3),
        ("gaspard", "?establishment={ime}", ["Inès Faure"]),
        ("gaspard", "", 4),
        ("bob", "", ["Inès Faure"]),
        ("charlie", "", []),
    ],
)
def test_each_sees_his_own_in_order(
    home: Client, town: Town, who: str, query: str, names: list[str] | int
) -> None:
    sign_in(home, getattr(town, who))
    places = {name: getattr(town, name).pk for name in ("unit_b", "ime_unit", "ime")}
    shown = rows(home, "/usagers/" + query.format(**places))
    if isinstance(names, int):
        assert len(shown) == names
    else:
        assert shown == names


def test_who_moved_elsewhere_has_left_and_who_came_back_has_not(client: Client, town: Town) -> None:
    gone = {"exited_on": today() - timedelta(days=3)}
    for name, unit in (("Partie", town.ime_unit), ("Revenue", town.unit_b)):
        person = admit(town, town.unit_a, "Rose", name, stay=gone)
        stay = stay_in(unit, entered_on=gone["exited_on"])
        open_stay(actor_of(town.command_line), person=person, stay=stay)
    sign_in(client, town.gaspard)
    assert rows(client, "/usagers/?state=past") == ["Rose Partie"]


@pytest.mark.parametrize(
    ("words", "count"),
    [
        ("lambert", 1),
        ("LAMB", 1),
        ("ambert", 0),
        ("rose lambert", 1),
        ("ève dangelo", 1),
        ("angelo", 1),
        ("petit", 1),
        ("tour menard", 1),
        ("12", 1),
        ("lambert 12", 1),
        ("ch. 12", 1),
        ("Chambre 12", 1),
        ("ch 12", 1),
        ("lambert ch.12", 1),
        ("d/204", 1),
        ("3990000101/L-204", 1),
        ("l-204", 1),
        ("3990000102/L-204", 0),
        ("MDPH-4455667", 1),
        ("mdph-4455", 0),
        ("2690549588157", 0),
        ("12/03/1941", 4),
        ("14/07/1930", 1),
        ("14 7 2014", 0),
        ("31/02/1941", 0),
        (INS, 1),
        ("2 41 03 99 101 001 92", 1),
        ("2 41 03 99 101 001 93", 0),
        ("faure", 0),
        ("   ", 0),
        ("%", 0),
    ],
)
def test_one_is_found_by_any_name_room_number_or_birth(
    home: Client, town: Town, words: str, count: int
) -> None:
    sign_in(home, town.sofia)
    assert len(found(home, words)) == count


def test_the_search_finds_nobody_hidden(home: Client, town: Town) -> None:
    sign_in(home, town.charlie)
    assert found(home, "lambert") == []
    sign_in(home, town.basile)
    assert found(home, "12/03/1941") == ["Ève D'Angelo"]


def test_a_sign_that_no_database_stores_finds_as_without_it(home: Client) -> None:
    assert found(home, "lam\0bert") == ["Rose Lambert"]


def test_the_words_searched_stay_out_of_the_address(home: Client) -> None:
    page = home.get("/usagers/recherche/?q=lambert")
    assert page.context["found"] is None
    assert "lambert" not in page.text.lower()


def test_who_may_know_no_identity_is_told_so(client: Client, town: Town) -> None:
    sign_in(client, town.tom)
    for page in (client.get("/usagers/"), client.post("/usagers/recherche/", {"q": "rose"})):
        assert page.status_code == 403
        assert "Administration technique" in page.text
    assert "Usagers" not in client.get("/").text


def test_what_is_shown_is_journalled_and_nothing_else(home: Client, town: Town) -> None:
    home.get("/usagers/")
    event = JournalEvent.objects.get(action="person.list")
    seen = set(JournalLine.objects.filter(event=event).values_list("subject_id", flat=True))
    names = ("LAMBERT", "PETIT")
    own = Person.objects.filter(birth_family_name__in=names).values_list("subject_id", flat=True)
    assert seen == set(own)


@pytest.mark.parametrize("query", ["", "?state=planned", "?sort=-name"])
def test_the_part_that_htmx_swaps_is_the_page_s_own(home: Client, query: str) -> None:
    whole = home.get(f"/usagers/{query}").text
    asked = home.get(f"/usagers/{query}", headers={"HX-Request": "true"}).text
    part = whole[whole.index('<div id="persons"') : whole.index("</main>")]
    assert part in asked


def test_an_empty_list_says_why(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    assert "votre affectation" in client.get("/usagers/").text
    assert "ne correspond à ces choix" in client.get("/usagers/?state=past").text


def test_the_home_card_counts_only_what_one_sees(home: Client, town: Town) -> None:
    assert "2 personnes accompagnées, 1 entrée prévue." in home.get("/").text
    sign_in(home, town.sofia)
    assert "3 personnes accompagnées" in home.get("/").text


def test_a_person_in_two_units_counts_once_and_each_unit_has_its_line(
    client: Client, town: Town
) -> None:
    rose = admit(town, town.unit_a)
    office = actor_of(town.command_line)
    for unit in (None, town.ime_unit):
        establishment = unit.establishment if unit else town.ehpad
        stay = Stay(establishment=establishment, unit=unit, entered_on=SINCE)
        receive_stays(office, person=rose, stays=[stay])
    card = home_card(actor_of(town.gaspard))
    assert card
    assert card.summary == "1 personne accompagnée."
    assert [(line.group, line.label, line.note) for line in card.lines] == [
        ("EHPAD Les Tilleuls", "Rez-de-jardin", "1"),
        ("EHPAD Les Tilleuls", "Sans unité", "1"),
        ("IME La Clairière", "Groupe des grands", "1"),
    ]
    sign_in(client, town.gaspard)
    assert rows(client, card.lines[1].url) == ["Rose Lambert"]
    assert client.get("/").text.count("<h3>") == 2


def test_many_units_end_with_the_way_to_the_whole_list(town: Town) -> None:
    office = actor_of(town.command_line)
    for number in range(MOST_UNITS + 2):
        unit = create_unit(office, establishment=town.ehpad, name=f"Unité {number:02}")
        admit(town, unit, "Rose", f"Lambert {chr(ord('a') + number) * (number + 3)}")
    card = home_card(actor_of(town.sofia))
    assert card
    assert len(card.lines) == MOST_UNITS + 1
    last = card.lines[-1]
    assert (last.label, last.url) == ("Toute la liste, avec 2 autres unités", "/usagers/")


@pytest.mark.parametrize("who", ["alice", "sofia", "gaspard"])
def test_list_and_search_cost_the_same_for_one_row_and_thirty(
    client: Client, town: Town, who: str, queries: BoundedQueries
) -> None:
    sign_in(client, getattr(town, who))
    costs = []
    for more in (1, 29):
        for number in range(more):
            admit(town, town.unit_a, "Rose", f"Lambert {'abcdefghij'[number % 10] * (number + 2)}")
        with queries(at_most=12) as listed:
            client.get("/usagers/")
        with queries(at_most=12) as searched:
            client.post("/usagers/recherche/", {"q": "lambert"})
        costs.append((len(listed), len(searched)))
    assert costs[0] == costs[1]


def test_a_doubtful_identity_is_as_grave_in_the_list_as_in_the_record(
    home: Client, town: Town
) -> None:
    Person.objects.update(is_doubtful=True)
    doubtful = Badge("Identité douteuse", "danger")
    row = home.get("/usagers/").context["paging"].rows[0]
    assert doubtful in row.badges
    assert doubtful in home.get(f"/usagers/{row.person_id}/").context["record"].identity.ins


def test_paper_says_what_the_list_holds(client: Client, town: Town, home: Client) -> None:
    sign_in(client, town.sofia)
    said = '<p class="print-only">{}</p>'
    assert said.format("En cours") in client.get("/usagers/").text
    page = client.get(f"/usagers/?unit={town.unit_b.pk}&state=present")
    assert said.format(f"En cours · {town.unit_b.name}") in page.text
    assert said.format("Entrées prévues") in client.get("/usagers/?state=planned&unit=x").text
