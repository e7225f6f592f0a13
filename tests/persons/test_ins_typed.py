"""The page where an INS is typed: what it says of a real one, where people are invented."""

from datetime import date
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from tests.factories.town import Town, sign_in
from tests.persons.admissions import admit
from virage.persons.enums import InsOid
from virage.persons.views.identity import REAL_INS

INS = "241039910100192"


@pytest.mark.parametrize(
    ("is_demo", "oid", "is_warned"),
    [(True, InsOid.NIR, True), (True, InsOid.TEST, False), (False, InsOid.NIR, False)],
)
def test_a_real_ins_typed_in_a_demonstration_is_said_to_be_so(
    client: Client, town: Town, settings: Any, is_demo: bool, oid: str, is_warned: bool
) -> None:
    settings.IS_DEMO = is_demo
    person = admit(town, town.unit_a, sex="female", birth_on=date(1941, 3, 12))
    sign_in(client, town.sofia)
    typed = {"ins_value": INS, "ins_oid": oid, "version": "1"}
    page = client.post(f"/usagers/{person.pk}/ins/", typed)
    assert page.status_code == 302, page.text
    told = [str(message) for message in get_messages(page.wsgi_request)]
    assert (REAL_INS in told) == is_warned
