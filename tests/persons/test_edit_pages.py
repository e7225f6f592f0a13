"""The forms: creating in front of look-alikes, two people at once, every kind of thing around."""

import io
import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from tests.factories.town import Town, actor_of, sign_in
from tests.persons.admissions import SINCE, admit
from virage.foundation.coded import Coded
from virage.foundation.journal.models import JournalLine
from virage.persons import actions
from virage.persons.enums import InsOid, StayStatus
from virage.persons.models import Contact, Person, PersonAddress
from virage.persons.views.surroundings import KINDS

NEW = {
    "birth_family_name": "Lambert",
    "first_birth_given_name": "Rose",
    "sex": "female",
    "birth_on": "1941-03-12",
    "entered_on": "2025-01-06",
    "version": "1",
}


def test_a_new_person_is_created_and_shown(office: Client, town: Town) -> None:
    sent = NEW | {"place": str(town.unit_a.pk), "room": str(town.room_a1.pk)}
    page = office.post("/usagers/nouveau/", sent)
    person = Person.objects.get()
    assert page.headers["Location"] == f"/usagers/{person.pk}/"
    stay = person.stays.get()
    assert (stay.unit, stay.room, stay.entered_on) == (town.unit_a, town.room_a1, SINCE)


def test_creating_and_editing_ask_for_the_traits_in_one_order(office: Client, rose: Person) -> None:
    orders = []
    for path in ("/usagers/nouveau/", f"/usagers/{rose.pk}/modifier/"):
        fields = re.findall(r'name="(birth_\w+|first_\w+|used_\w+|sex)"', office.get(path).text)
        orders.append([name for name in dict.fromkeys(fields) if name != "birth_order"])
    assert len(orders[0]) == 10
    assert orders[0] == orders[1]


def test_every_field_of_the_identity_is_laid_out(office: Client, rose: Person) -> None:
    page = office.get(f"/usagers/{rose.pk}/modifier/")
    for name in page.context["form"].fields:
        assert f'name="{name}"' in page.text


def test_a_room_says_that_someone_else_stays_in_it(office: Client, town: Town) -> None:
    rose = admit(town, town.unit_a, stay={"room": town.room_a1})
    stay = rose.stays.get()
    assert "(occupée)" in office.get("/usagers/nouveau/").text
    own = office.get(reverse("persons:stay_edit", args=[rose.pk, stay.pk]))
    assert "(occupée)" not in own.text
    stay.exited_on = date(2025, 2, 1)
    stay.status = StayStatus.FINISHED
    stay.save()
    assert "(occupée)" not in office.get("/usagers/nouveau/").text


def test_a_look_alike_forces_a_choice(office: Client, town: Town, rose: Person) -> None:
    sent = NEW | {"place": str(town.unit_a.pk), "first_birth_given_name": "Rosa"}
    first = office.post("/usagers/nouveau/", sent)
    assert first.status_code == 422
    assert "Même date de naissance" in first.text
    assert f"/usagers/{rose.pk}/" in first.text
    assert 'value="Rosa"' in first.text
    assert "cochez si c’est une autre personne" in first.text
    seen = first.context["form"].data["seen"]
    unsettled = office.post("/usagers/nouveau/", sent | {"seen": seen})
    assert "cochez si c’est une autre personne" in unsettled.text
    assert Person.objects.count() == 1
    blind = office.post("/usagers/nouveau/", sent | {"is_other_person": "on"})
    assert blind.status_code == 422
    settled = office.post("/usagers/nouveau/", sent | {"seen": seen, "is_other_person": "on"})
    assert settled.status_code == 302
    assert Person.objects.count() == 2


def test_a_look_alike_that_came_meanwhile_is_asked_about(
    office: Client, town: Town, rose: Person
) -> None:
    sent = NEW | {"place": str(town.unit_a.pk), "first_birth_given_name": "Rosa"}
    seen = office.post("/usagers/nouveau/", sent).context["form"].data["seen"]
    late = admit(town, town.unit_b, "Roza")
    page = office.post("/usagers/nouveau/", sent | {"seen": seen, "is_other_person": "on"})
    assert page.status_code == 422
    assert f"/usagers/{late.pk}/" in page.text
    assert not page.context["form"]["is_other_person"].value()
    assert Person.objects.count() == 2


def test_someone_alike_and_hidden_is_neither_shown_nor_told(office: Client, town: Town) -> None:
    admit(town, town.ime_unit, "Rosa")
    page = office.post("/usagers/nouveau/", NEW | {"place": str(town.unit_a.pk)})
    assert page.status_code == 302


def test_someone_known_elsewhere_is_not_created_and_not_named(office: Client, town: Town) -> None:
    known = admit(town, town.ime_unit, used_family_name="Quillévéré")
    sent = NEW | {"place": str(town.unit_a.pk), "origin_name": "Domicile de sa sœur"}
    page = office.post("/usagers/nouveau/", sent)
    assert page.status_code == 422
    assert "déjà connue dans votre organisme" in page.text
    assert 'value="Domicile de sa sœur"' in page.text
    assert "Quillévéré" not in page.text
    assert town.ime.name not in page.text
    assert str(known.pk) not in page.text
    assert Person.objects.count() == 1
    compared = JournalLine.objects.filter(event__action="person.look_alikes")
    assert compared.get().subject_id == known.subject_id


@pytest.mark.parametrize("path", ["/usagers/nouveau/", "/usagers/{moreau}/ins/"])
def test_who_bears_the_ins_typed_already_is_shown(office: Client, town: Town, path: str) -> None:
    ins = {"ins_value": "241039910100192", "ins_oid": InsOid.TEST}
    rose = admit(town, town.unit_a, **ins)
    moreau = admit(town, town.unit_a, "Inès", "Moreau")
    sent = NEW | {"place": str(town.unit_a.pk), "birth_family_name": "Zola"} | ins
    page = office.post(path.format(moreau=moreau.pk), sent)
    assert page.status_code == 422
    assert "porte déjà ce matricule" in page.context["form"].errors["ins_value"][0]
    assert f'href="/usagers/{rose.pk}/"' in page.text
    assert f'href="/usagers/{moreau.pk}/" target' not in page.text


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(office: Client, town: Town) -> None:
    wrong = {"birth_on": "2199-01-01", "ins_value": "269054958815799", "ins_oid": ""}
    page = office.post("/usagers/nouveau/", NEW | {"place": str(town.unit_a.pk)} | wrong)
    assert page.status_code == 422
    assert {"birth_on", "ins_value", "ins_oid"} <= page.context["form"].errors.keys()
    assert 'value="269054958815799"' in page.text


@pytest.mark.parametrize(
    ("typed", "signs"),
    [("Du4pont", "«\u00a04\u00a0»"), ("Roux (ép.)", "«\u00a0(\u00a0», «\u00a0.\u00a0»")],
)
def test_a_sign_that_no_birth_name_holds_is_refused_and_named(
    office: Client, town: Town, rose: Person, typed: str, signs: str
) -> None:
    sent = NEW | {
        "place": str(town.unit_a.pk),
        "birth_family_name": typed,
        "birth_on": "1950-01-02",
    }
    for url in ("/usagers/nouveau/", f"/usagers/{rose.pk}/modifier/"):
        page = office.post(url, sent)
        assert page.status_code == 422
        assert f"retirez {signs}" in page.context["form"].errors["birth_family_name"][0]
    assert Person.objects.get().birth_family_name == "LAMBERT"


def test_a_spelling_that_strict_names_lose_becomes_the_used_one(office: Client, town: Town) -> None:
    sent = NEW | {"place": str(town.unit_a.pk), "birth_family_name": "d’Ànjou"}
    sent |= {"first_birth_given_name": "Héloïse"}
    page = office.post("/usagers/nouveau/", sent)
    person = Person.objects.get()
    assert page.headers["Location"] == f"/usagers/{person.pk}/"
    assert (person.birth_family_name, person.first_birth_given_name) == ("D'ANJOU", "HELOISE")
    assert person.display_name == "d’Ànjou Héloïse"
    url = f"/usagers/{person.pk}/modifier/"
    changed = NEW | {
        "birth_family_name": "Béarn",
        "used_family_name": "Roux",
        "used_given_name": "",
    }
    assert office.post(url, changed | {"first_birth_given_name": "Ève"}).status_code == 302
    person.refresh_from_db()
    assert (person.birth_family_name, person.display_name) == ("BEARN", "Roux Ève")


def test_two_people_at_once_see_both_texts_then_the_second_decides(
    office: Client, town: Town, rose: Person
) -> None:
    url = f"/usagers/{rose.pk}/modifier/"
    opened = office.get(url)
    sent = {
        **NEW,
        "used_family_name": "Durand",
        "version": opened.context["form"]["version"].value(),
    }
    actions.update_person(
        actor_of(town.sofia),
        person=rose,
        expected_version=1,
        changes={"used_family_name": "Dupont"},
    )
    conflict = office.post(url, sent)
    assert conflict.status_code == 409
    assert f"{actor_of(town.sofia).display_name} a modifié ces informations le " in conflict.text
    assert "Dupont" in conflict.text
    assert 'value="Durand"' in conflict.text
    again = sent | {"version": conflict.context["form"].data["version"]}
    assert office.post(url, again).status_code == 302
    rose.refresh_from_db()
    assert rose.used_family_name == "Durand"


AROUND: dict[str, dict[str, Any]] = {
    "contacts": {"family_name": "Roux", "phone": "01 99 00 12 34", "city": "Bourg-Fictif"},
    "mesures": {"kind": "sauvegarde", "judged_on": "2024-05-02"},
    "couvertures": {"kind": "AMC", "payer_name": "Mutuelle inventée"},
    "numeros": {"kind": "PI", "value": "D-2041"},
    "adresses": {"city": "Bourg-Fictif", "street": "rue des Lilas"},
    "coordonnees": {"system": "phone", "value": "01 99 00 55 66"},
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_thing_around_is_added_changed_and_removed(
    office: Client, rose: Person, kind: str
) -> None:
    model: Any = KINDS[kind].model
    add = reverse("persons:item_add", args=[rose.pk, kind])
    assert office.get(add).status_code == 200
    assert office.post(add, AROUND[kind] | {"version": "1"}).status_code == 302
    item = model.objects.get(person=rose)
    edit = reverse("persons:item_edit", args=[rose.pk, kind, item.pk])
    form = office.get(edit).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    assert office.post(edit, typed | {"version": "1"}).status_code == 302
    assert model.objects.get(person=rose).version == 1
    remove = reverse("persons:item_remove", args=[rose.pk, kind, item.pk])
    assert office.post(remove).status_code == 302
    assert not model.objects.filter(person=rose).exists()


@pytest.mark.parametrize(
    ("kind", "sent", "field"),
    [
        ("mesures", {"judged_on": "2024-05-02"}, "kind"),
        ("couvertures", {"payer_name": "Mutuelle inventée"}, "kind"),
        ("couvertures", {"kind": "autre"}, "payer_name"),
        ("mesures", {"kind": "tutelle", "covers_goods": "on"}, "holder"),
        ("contacts", {"family_name": "Roux", "is_emergency_contact": "on"}, "phone"),
    ],
)
def test_an_empty_form_adds_nothing(
    office: Client, rose: Person, kind: str, sent: dict[str, str], field: str
) -> None:
    page = office.post(reverse("persons:item_add", args=[rose.pk, kind]), sent | {"version": "1"})
    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert not KINDS[kind].model._default_manager.exists()


def test_another_measure_is_chosen_not_supposed(office: Client, rose: Person) -> None:
    url = reverse("persons:item_add", args=[rose.pk, "mesures"])
    assert office.post(url, {"kind": "autre", "version": "1"}).status_code == 302
    measure = rose.protections.get()
    edit = reverse("persons:item_edit", args=[rose.pk, "mesures", measure.pk])
    assert office.get(edit).context["form"]["kind"].value() == "autre"
    assert office.post(edit, {"kind": "autre", "version": "1"}).status_code == 302
    measure.refresh_from_db()
    assert (measure.kind, measure.version) == ("", 1)


def test_what_a_file_brought_survives_an_edit(office: Client, town: Town, rose: Person) -> None:
    contact = Contact(
        family_name="Roux",
        civility="DR",
        relation=Coded(system="urn:x", code="COUSINADE", display="Cousin éloigné"),
        telecoms=[
            {"system": "phone", "value": "01 99 00 12 34", "use": "home"},
            {"system": "phone", "value": "06 99 00 12 34", "use": "mobile"},
        ],
        addresses=[{"house_number": "3", "street": "rue des Lilas", "city": "Bourg-Fictif"}],
    )
    actor = actor_of(town.command_line)
    actions.receive_surroundings(actor, person=rose, items=[contact])
    kept = (contact.civility, contact.relation, contact.telecoms, contact.addresses)
    url = reverse("persons:item_edit", args=[rose.pk, "contacts", contact.pk])
    form = office.get(url).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields}
    assert office.post(url, typed | {"comment": "Vient le dimanche"}).status_code == 302
    contact.refresh_from_db()
    assert contact.comment == "Vient le dimanche"
    assert (contact.civility, contact.relation, contact.telecoms, contact.addresses) == kept


@pytest.mark.parametrize(
    ("path", "sent"),
    [
        ("ins/", {"ins_value": "2 41 03 99 101 001 92", "ins_oid": "1.2.250.1.213.1.4.10"}),
        ("sejours/nouveau/", {"planned_entry_on": "2030-01-06"}),
        ("referents/nouveau/", {"starts_on": "2026-01-06"}),
        ("sejours/{stay}/", {"entered_on": "2025-01-07", "file_number": "D/204"}),
        ("sejours/{stay}/sortie/", {"exited_on": "2026-01-06"}),
    ],
)
def test_the_other_forms_open_and_save(
    office: Client, town: Town, rose: Person, path: str, sent: dict[str, str]
) -> None:
    places = {"place": str(town.unit_a.pk), "professional": str(town.alice.professional_id)}
    url = f"/usagers/{rose.pk}/" + path.format(stay=rose.stays.get().pk)
    assert office.get(url).status_code == 200
    page = office.post(url, sent | places | {"version": "1"})
    assert page.status_code == 302, page.context["form"].errors


def test_a_file_that_is_no_photo_is_refused_with_the_rest(office: Client, rose: Person) -> None:
    url, agreed = f"/usagers/{rose.pk}/photo/changer/", {"consent_on": "2026-01-06"}
    page = office.post(url, {"photo": SimpleUploadedFile("x.png", b"%PDF")})
    assert page.status_code == 422
    assert "2 points à corriger" in page.text
    assert "n’est pas une photo" in page.text
    assert "sauf le fichier, à choisir de nouveau" in page.text
    picture = io.BytesIO()
    Image.new("RGB", (64, 48), "teal").save(picture, "PNG")
    sent = agreed | {"photo": SimpleUploadedFile("x.png", picture.getvalue())}
    assert office.post(url, sent).status_code == 302


@pytest.mark.parametrize("path", ["", "modifier/", "contacts/nouveau/", "sejours/nouveau/"])
def test_readers_have_no_form(client: Client, town: Town, rose: Person, path: str) -> None:
    sign_in(client, town.alice)
    url = f"/usagers/{rose.pk}/{path}" if path else "/usagers/nouveau/"
    assert client.get(url).status_code == 403


def test_something_of_another_person_is_not_found(office: Client, town: Town, rose: Person) -> None:
    other = admit(town, town.unit_a, "Paul", "Petit")
    actor = actor_of(town.command_line)
    address = actions.add_item(actor, person=other, item=PersonAddress(city="Bourg-Fictif"))
    url = reverse("persons:item_edit", args=[rose.pk, "adresses", address.pk])
    assert office.get(url).status_code == 404
    assert office.get(f"/usagers/{rose.pk}/sejours/{other.stays.get().pk}/").status_code == 404


def test_whom_to_call_is_a_box_and_the_role_that_says_so_is_only_received(
    office: Client, town: Town, rose: Person
) -> None:
    offered = office.get(reverse("persons:item_add", args=[rose.pk, "contacts"])).context["form"]
    assert "ECON" not in dict(offered.fields["role"].choices)
    role = Coded(code="ECON", display="Personne à prévenir en cas d'urgence")
    contact = Contact(family_name="Roux", role=role)
    actions.receive_surroundings(actor_of(town.sofia), person=rose, items=[contact])
    edit = reverse("persons:item_edit", args=[rose.pk, "contacts", contact.pk])
    form = office.get(edit).context["form"]
    typed = {name: form[name].value() or "" for name in form.fields} | {"comment": "Le soir"}
    typed["role"] = form.fields["role"].prepare_value(role)
    assert office.post(edit, typed | {"version": "1"}).status_code == 302
    contact.refresh_from_db()
    assert (contact.role, contact.comment) == (role, "Le soir")
