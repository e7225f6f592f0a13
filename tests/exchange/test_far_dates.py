"""A file whose dates no calendar holds is received, and its record opens."""

import json

import pytest
from django.test import Client

from tests.exchange.samples import receive
from tests.factories.town import Town, actor_of, sign_in
from tests.formats.fhir_samples import bundle, encounter, patient
from virage.agenda.models import Event
from virage.exchange.enums import ImportState
from virage.exchange.models import ReceivedItem
from virage.persons.models import Person

PAGES = ("", "chronologie/", "volets/soins/", "sejours/", "documents/", "recu-non-repris/")


@pytest.mark.parametrize(
    "far",
    [
        *("9999-12-31T23:59:59Z", "9999-12-31T23:59:59-11:00", "0001-01-01T00:00:00+14:00"),
        *("0001-01-01T00:00:00Z", "0001-01-01", "2201-01-01T00:00:00Z"),
    ],
)
def test_it_is_kept_as_text(town: Town, client: Client, far: str) -> None:
    event = encounter(period={"start": far, "end": far})
    content = json.dumps(bundle(patient(deceasedDateTime=far), event)).encode()
    received = receive(actor_of(town.sofia), content)
    assert received.state == ImportState.IMPORTED
    assert received.lines.filter(code="date_unreadable").count() == 3
    assert sum(far in one.content for one in ReceivedItem.objects.all()) == 2
    assert Event.objects.get().ends_at is None
    sign_in(client, town.diane)
    for page in PAGES:
        answer = client.get(f"/usagers/{Person.objects.get().pk}/{page}")
        assert answer.status_code == 200, page
