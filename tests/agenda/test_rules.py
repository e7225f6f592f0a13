"""What the JSON columns of an event say in words."""

import msgspec

from virage.agenda.rules import place_label, resource_labels, type_labels
from virage.formats.tddui.record import Address, UsedResource
from virage.foundation.coded import Coded

CISIS = "https://smt.esante.gouv.fr/fhir/CodeSystem/terminologie-cisis"


def test_a_place_is_said_on_one_line() -> None:
    address = Address(house_number="4", street="rue des Lilas", postal_code="99100", city="Valmont")
    stored = msgspec.to_builtins(address)
    assert place_label("Cabinet Aubry", stored) == "Cabinet Aubry, 4 rue des Lilas, 99100 Valmont"
    assert place_label("Salle commune", None) == "Salle commune"
    assert place_label("", None) == ""


def test_a_resource_is_said_with_its_detail() -> None:
    minibus = UsedResource(type=Coded(display="Véhicule"), detail=Coded(text="minibus"))
    stored = msgspec.to_builtins([minibus, UsedResource(type=Coded(display="Salle"))])
    assert resource_labels(stored) == ["Véhicule, minibus", "Salle"]


def test_codes_received_alone_are_said_in_words() -> None:
    room = UsedResource(type=Coded(CISIS, "ORG-207"), detail=Coded(CISIS, "ORG-210"))
    assert resource_labels(msgspec.to_builtins([room])) == ["Ressource immobilière, Salle"]
    visit = Coded(CISIS, "MED-1296")
    assert type_labels(msgspec.to_builtins([visit])) == ["Intervention d’un aide soignant"]
