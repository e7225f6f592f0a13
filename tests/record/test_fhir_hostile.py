"""Files of answers made to harm: nothing is written, and the report says what to do."""

import json
from typing import Any

import pytest
from django.test import Client

from tests.factories.town import Town, sign_in
from tests.record.test_fhir_foreign import ANSWERED, ASKED, bundle, receive
from virage.instruments.models import Evaluation, ReceivedResponse, Sheet
from virage.persons.models import Person

NORTON: dict[str, Any] = {
    "resourceType": "QuestionnaireResponse",
    "questionnaire": "urn:virage:instrument:norton|1",
    "status": "completed",
    "authored": "2026-02-01",
}
DEEP: dict[str, Any] = {"linkId": "night"}
for _ in range(200):
    DEEP = {"linkId": "night", "item": [DEEP]}


def answers(*items: Any, **parts: Any) -> bytes:
    return json.dumps({**NORTON, "item": list(items), **parts}).encode()


@pytest.mark.parametrize(
    ("content", "label"),
    [
        (b"{", "Fichier"),
        (b"", ""),
        (b'{"resourceType": "QuestionnaireResponse", "status": "a", "status": "b"}', ""),
        (answers(DEEP), "Fichier trop emboîté"),
        (answers("no item"), ""),
        (answers({"answer": [{"valueString": "x"}]}), ""),
        (answers({"linkId": "x", "answer": "no list"}), ""),
        (answers({"linkId": "x", "modifierExtension": [{"url": "urn:x"}]}), "Consigne inconnue"),
        (answers({"linkId": "x"}, {"linkId": "x"}), "Réponse sans question"),
        (answers(status="in-progress"), "Réponses en cours ou annulées"),
        (answers(status="?"), "Réponses en cours ou annulées"),
        (answers(questionnaire="urn:virage:instrument:norton|99"), "Réponses à un autre"),
        (answers(questionnaire=""), "Réponses à un autre"),
        (answers(subject={"identifier": {"value": "1"}}), "Réponses d’une autre personne"),
        (bundle(ASKED, ANSWERED | {"authored": "9999-99-99"}), "Date des réponses absente"),
    ],
)
def test_nothing_is_written(
    client: Client, town: Town, rose: Person, content: Any, label: str
) -> None:
    sign_in(client, town.denis)
    answer = receive(client, rose, content)
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors["content"]
    assert all(one.label and one.help for one in form.faults)
    if label:
        assert any(one.label.startswith(label) for one in form.faults), form.faults
    assert not Evaluation.objects.exists()
    assert not Sheet.objects.exists() and not ReceivedResponse.objects.exists()


def test_answers_of_a_second_day_are_taken_in_after_the_first(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.denis)
    for number, day in enumerate(("2026-02-01", "2026-03-01")):
        identifier = {"system": "urn:x", "value": f"R-{number}"}
        response = ANSWERED | {"authored": day, "identifier": identifier}
        assert receive(client, rose, bundle(ASKED, response)).status_code == 302
    assert [f"{one.authored_on}" for one in Evaluation.objects.order_by("authored_on")] == [
        "2026-02-01",
        "2026-03-01",
    ]


@pytest.mark.parametrize(("day", "is_told"), [("1941-03-11", True), ("1941-03-12", False)])
def test_a_date_before_the_birth_is_kept_and_told(
    client: Client, town: Town, rose: Person, day: str, is_told: bool
) -> None:
    sign_in(client, town.denis)
    answer = receive(client, rose, bundle(ASKED, ANSWERED | {"authored": day}))
    page = client.get(answer.url).content.decode()
    assert ("avant la naissance" in page) == is_told
    assert f"{Evaluation.objects.get().authored_on}" == day
