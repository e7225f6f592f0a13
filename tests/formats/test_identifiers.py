"""Our business identifiers: the forms of the guide, and never a NIR."""

import pytest

from virage.formats.tddui.identifiers import (
    ItemKind,
    item_identifier,
    person_identifier,
    refuse_nir,
    structure_number,
)


def test_forms_of_the_guide() -> None:
    assert person_identifier("480787529", "194704032").value == "3480787529/194704032"
    stay = item_identifier("480787529", "194704032", ItemKind.STAY, "1012")
    assert stay.value == "3480787529/194704032-SEJOUR-1012"
    assert stay.system == "https://identifiant-medicosocial-sejour.esante.gouv.fr"
    assert structure_number("480787529") == "1480787529"


def test_a_contact_is_numbered_too() -> None:
    identifier = item_identifier("480787529", "194704032", ItemKind.CONTACT, "7")
    assert identifier.value == "3480787529/194704032-CONTACT-7"


@pytest.mark.parametrize("number", ["147720425367411", "1477204253674"])
def test_a_nir_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="NIR"):
        person_identifier("480787529", number)
    with pytest.raises(ValueError, match="NIR"):
        item_identifier("480787529", "12", ItemKind.EVENT, number)
    with pytest.raises(ValueError, match="NIR"):
        refuse_nir(number)


@pytest.mark.parametrize("number", ["", "12-3", "a/b", "é"])
def test_a_local_number_is_plain(number: str) -> None:
    with pytest.raises(ValueError, match="letters and digits"):
        person_identifier("480787529", number)
