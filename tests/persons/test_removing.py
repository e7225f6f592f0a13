"""Removing what surrounds a person: which one and what that does is said before."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from tests.factories.town import Town, actor_of
from virage.persons.actions import add_item
from virage.persons.models import Contact, LegalProtection, Person
from virage.persons.views.surroundings import KINDS

AROUND: list[tuple[str, dict[str, str], str, str]] = [
    (
        "contacts",
        {"given_name": "Paul", "family_name": "Roux"},
        "Paul Roux",
        "Contact retiré\u00a0: Paul Roux.",
    ),
    (
        "mesures",
        {"kind": "sauvegarde"},
        "Sauvegarde de justice",
        "Mesure de protection retirée.",
    ),
    (
        "couvertures",
        {"kind": "AMC", "payer_name": "Mutuelle inventée"},
        "Complémentaire santé, Mutuelle inventée",
        "Couverture sociale retirée.",
    ),
    (
        "numeros",
        {"kind": "PIN", "value": "D-2041"},
        "Numéro MDPH, D-2041",
        "Numéro retiré.",
    ),
    (
        "adresses",
        {"street": "rue des Lilas", "city": "Bourg-Fictif"},
        "rue des Lilas, Bourg-Fictif",
        "Adresse retirée.",
    ),
    (
        "coordonnees",
        {"system": "email", "value": "rose@exemple.fr"},
        "rose@exemple.fr",
        "Téléphone ou courriel retiré.",
    ),
]


@pytest.mark.parametrize(("kind", "values", "named", "told"), AROUND)
def test_which_one_is_said_before_and_after(
    office: Client, rose: Person, kind: str, values: dict[str, str], named: str, told: str
) -> None:
    model: Any = KINDS[kind].model
    item = model.objects.create(person=rose, **values)
    remove = reverse("persons:item_remove", args=[rose.pk, kind, item.pk])
    edit = reverse("persons:item_edit", args=[rose.pk, kind, item.pk])
    assert f'href="{remove}"' in office.get(edit).text
    page = office.get(remove)
    assert named in page.text
    assert "Vous ne pourrez pas le rétablir" in page.text
    assert model.objects.filter(pk=item.pk).exists()
    done = office.post(remove)
    assert done.status_code == 302
    assert [str(message) for message in get_messages(done.wsgi_request)] == [told]
    assert not model.objects.filter(pk=item.pk).exists()


def test_who_holds_a_measure_stays_and_the_page_says_why(
    office: Client, town: Town, rose: Person
) -> None:
    sofia = actor_of(town.sofia)
    tutor = add_item(sofia, person=rose, item=Contact(family_name="Roux"))
    add_item(sofia, person=rose, item=LegalProtection(kind="sauvegarde", holder=tutor))
    page = office.post(reverse("persons:item_remove", args=[rose.pk, "contacts", tutor.pk]))
    assert page.status_code == 422
    assert "titulaire d’une mesure de protection" in page.text
    assert rose.contacts.exists()
