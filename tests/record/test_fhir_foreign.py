"""Answers to the questionnaires of others come in as evaluations, show, and go out as they came."""

import json
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from tests.factories.town import Town, sign_in
from tests.formats.official import TDDUI, needs_official_files
from virage.foundation.calendar import in_paris
from virage.instruments.models import Evaluation, ReceivedResponse
from virage.persons.enums import InsOid
from virage.persons.models import Person

FOLDER = TDDUI / "examples-fhir"
ASKED: dict[str, Any] = {
    "resourceType": "Questionnaire",
    "id": "sleep",
    "url": "https://example.org/sleep",
    "version": "3",
    "title": "Le sommeil",
    "status": "active",
    "item": [
        {
            "linkId": "night",
            "type": "group",
            "text": "La nuit",
            "item": [
                {"linkId": "hours", "type": "decimal", "text": "Heures dormies"},
                {"linkId": "why", "type": "string", "text": "Réveils", "repeats": True},
            ],
        }
    ],
}
ANSWERED: dict[str, Any] = {
    "resourceType": "QuestionnaireResponse",
    "identifier": {"system": "urn:x", "value": "R-9"},
    "questionnaire": "https://example.org/sleep|3",
    "status": "amended",
    "authored": "2026-02-01",
    "author": {"display": "Dr Paul Vernet"},
    "item": [
        {
            "linkId": "night",
            "item": [
                {"linkId": "hours", "answer": [{"valueDecimal": 6.123456789}]},
                {"linkId": "why", "answer": [{"valueString": "toux"}, {"valueString": "soif"}]},
            ],
        }
    ],
}

# Each answer would be sought among so many.
MANY = {
    "linkId": "night",
    "type": "choice",
    "answerOption": [{"valueString": str(number)} for number in range(2_000)],
}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    entries = [{"resource": one} for one in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def receive(client: Client, person: Person, content: Any, volet: str = "care") -> Any:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    url = reverse("record:answers_take_in", args=[person.pk])
    file = SimpleUploadedFile("reponses.json", data)
    return client.post(url, {"volet": volet, "content": file})


def labels(answer: Any) -> list[str]:
    assert answer.status_code == 422
    return [one.label for one in answer.context["form"].faults]


def downloaded(client: Client, person: Person, name: str) -> Any:
    evaluation = Evaluation.objects.get()
    return client.get(reverse(f"record:{name}", args=[person.pk, evaluation.pk]))


def official(name: str) -> bytes:
    return (FOLDER / f"Questionnaire{name}.json").read_bytes()


@needs_official_files
@pytest.mark.parametrize(
    ("name", "questions", "line", "instrument", "gir"),
    [
        ("aggir-pa", "aggir-pa-ssiad", "facilitateur absolu", "", 2),
        ("serafin-precision", "serafin", "Besoins pour la mobilité", "serafin", None),
        ("situation-ssiad", "situation-ssiad", "Obésité, sans précision", "ssiad_situation", None),
    ],
)
def test_official_answers_come_in_show_and_go_out_as_they_came(
    client: Client,
    town: Town,
    rose: Person,
    name: str,
    questions: str,
    line: str,
    instrument: str,
    gir: int | None,
) -> None:
    response = official(f"Response-tddui-questionnaire-response-{name}-example")
    sign_in(client, town.denis)
    if not instrument:
        assert labels(receive(client, rose, response, volet="")) == ["Volet à choisir"]
    answer = receive(client, rose, response, volet="" if instrument else "care")
    page = client.get(answer.url).content.decode()
    assert line in page
    assert "Importée par Denis Fabre" in page
    evaluation = Evaluation.objects.get()
    assert (evaluation.instrument, evaluation.gir) == (instrument, gir)
    assert f"{in_paris(evaluation.happened_at):%Y-%m-%d}" == "2023-04-06"
    assert (evaluation.authored_on, evaluation.authored_at) == (date(2023, 4, 6), None)
    assert "6 avr. 2023, 0" not in page, "an hour that nobody said"
    assert downloaded(client, rose, "evaluation_fhir").content == response
    asked = json.loads(official(f"-tddui-questionnaire-{questions}"))
    del asked["text"]
    assert json.loads(downloaded(client, rose, "evaluation_questionnaire").content) == asked
    assert "déjà dans ce dossier" in receive(client, rose, response).content.decode()


@needs_official_files
def test_official_answers_with_their_questionnaire_are_the_same(
    client: Client, town: Town, rose: Person
) -> None:
    response = official("Response-tddui-questionnaire-response-serafin-precision-example")
    asked = json.loads(official("-tddui-questionnaire-serafin"))
    sign_in(client, town.denis)
    receive(client, rose, bundle(asked, json.loads(response)), volet="")
    evaluation = Evaluation.objects.get()
    assert (evaluation.instrument, evaluation.volet) == ("serafin", "project")
    assert evaluation.comment.startswith("Cette évaluation fait suite")


@pytest.mark.parametrize(
    "content",
    [
        bundle(ASKED, ANSWERED),
        ANSWERED | {"questionnaire": "#sleep", "contained": [ASKED]},
    ],
    ids=["bundle", "contained"],
)
def test_answers_come_in_with_a_questionnaire_that_nobody_knew(
    client: Client, town: Town, rose: Person, content: dict[str, Any]
) -> None:
    sign_in(client, town.denis)
    page = client.get(receive(client, rose, content).url).content.decode()
    for said in (
        "Télécharger les réponses",
        "Le sommeil",
        "Heures dormies",
        "6,123456789",
        "toux",
        "soif",
        "Paul Vernet",
    ):
        assert said in page
    evaluation = Evaluation.objects.get()
    assert (evaluation.volet, evaluation.status) == ("care", "amended")
    assert evaluation.questionnaire == "https://example.org/sleep|3"
    sent = json.loads(downloaded(client, rose, "evaluation_fhir").content)
    assert sent == (content if "contained" in content else ANSWERED)
    assert json.loads(downloaded(client, rose, "evaluation_questionnaire").content) == ASKED


@pytest.mark.parametrize(
    ("content", "label"),
    [
        (ANSWERED, "Réponses à un autre questionnaire"),
        (bundle(ANSWERED), "Réponses à un autre questionnaire"),
        (bundle(ASKED | {"version": "4"}, ANSWERED), "Réponses à un autre questionnaire"),
        (bundle(ASKED, ANSWERED, ANSWERED), "Autre document que celui attendu"),
        (bundle(ASKED, ANSWERED, {"resourceType": "Patient"}), "Autre document que celui attendu"),
        ({"resourceType": "Bundle", "entry": "no list"}, "Autre document que celui attendu"),
        (b"[]", "Autre document que celui attendu"),
        (bundle(ASKED, ANSWERED | {"item": []}), "Aucune réponse"),
        (bundle(ASKED, ANSWERED | {"item": [{"linkId": "shoe"}]}), "Réponse sans question"),
        (
            bundle(ASKED, ANSWERED | {"item": [ANSWERED["item"][0]] * 700}),
            "Trop d’éléments dans le fichier",
        ),
        (bundle(ASKED | {"item": [MANY]}, ANSWERED), "Trop d’éléments dans le fichier"),
        (bundle(ASKED | {"title": "x" * 201}, ANSWERED), "Texte trop long"),
        (
            bundle(ASKED, ANSWERED | {"subject": {"reference": "urn:uuid:of-somebody-else"}}),
            "Réponses d’une autre personne",
        ),
        (
            bundle(
                ASKED,
                ANSWERED
                | {"contained": [{"resourceType": "Patient", "identifier": [{"value": "999"}]}]},
            ),
            "Réponses d’une autre personne",
        ),
        (bundle(ASKED | {"item": [{"linkId": "x", "type": "?"}]}, ANSWERED), "Type de question"),
    ],
)
def test_other_files_are_refused(
    client: Client, town: Town, rose: Person, content: Any, label: str
) -> None:
    sign_in(client, town.denis)
    assert any(one.startswith(label) for one in labels(receive(client, rose, content)))
    assert not Evaluation.objects.exists()


def test_a_volet_that_he_does_not_write_is_refused(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.alice)
    refused = receive(client, rose, bundle(ASKED, ANSWERED), volet="medical")
    assert refused.status_code == 422
    assert not Evaluation.objects.exists()


def test_the_file_is_kept_encrypted(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.denis)
    receive(client, rose, bundle(ASKED, ANSWERED))
    with connection.cursor() as cursor:
        cursor.execute("SELECT response FROM instruments_receivedresponse")
        (stored,) = cursor.fetchone()
    assert "toux" not in stored
    assert "toux" in ReceivedResponse.objects.get().response


@pytest.mark.parametrize(("is_demo", "status"), [(True, 403), (False, 200)])
def test_a_demonstration_gives_back_no_number_of_the_real_register(
    client: Client, town: Town, rose: Person, settings: Any, is_demo: bool, status: int
) -> None:
    rose.ins_value, rose.ins_oid = "238059935201797", InsOid.NIR
    rose.save()
    who = {"system": f"urn:oid:{InsOid.NIR}", "value": rose.ins_value}
    patient = {"resourceType": "Patient", "id": "p", "identifier": [who]}
    response = {**ANSWERED, "contained": [ASKED, patient], "subject": {"reference": "#p"}}
    sign_in(client, town.denis)
    assert receive(client, rose, response | {"questionnaire": "#sleep"}).status_code == 302
    settings.IS_DEMO = is_demo
    assert downloaded(client, rose, "evaluation_fhir").status_code == status
