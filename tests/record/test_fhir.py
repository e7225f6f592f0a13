"""Evaluations go out as FHIR to who may export, and the answers of others come in whole or not."""

import json
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, sign_in
from virage.foundation.journal.models import JournalEvent
from virage.instruments.actions import take_in_sheet
from virage.instruments.models import Evaluation, Sheet
from virage.instruments.rules.given import Given
from virage.instruments.rules.items import COMMENT
from virage.instruments.rules.results import scores_from_json
from virage.instruments.rules.sheet import SheetDraft
from virage.instruments.rules.shipped import in_force
from virage.persons.models import Person, PersonIdentifier

GOOD = {
    "physical": Given("good"),
    "mental": Given("alert"),
    "activity": Given("walks"),
    "mobility": Given("full"),
    "incontinence": Given("none"),
}


def made(town: Town, person: Person, comment: str = "") -> Evaluation:
    norton = in_force("norton", date(2026, 6, 1))
    assert norton is not None
    draft = SheetDraft(
        subject_id=person.subject_id, instrument=norton, happened_at=drafts.moments_ago()
    )
    word = {COMMENT.id: Given(comment)} if comment else {}
    return take_in_sheet(actor_of(town.alice), draft=draft, answers=GOOD | word)


def sent(client: Client, town: Town, person: Person) -> dict[str, Any]:
    """Download the answers of an evaluation as the physician does, as of another sender: without
    the number by which they are known here.
    """
    evaluation = made(town, person)
    sign_in(client, town.denis)
    answer = client.get(reverse("record:evaluation_fhir", args=[person.pk, evaluation.pk]))
    assert answer["Content-Type"] == "application/fhir+json"
    response: dict[str, Any] = json.loads(answer.content)
    del response["identifier"]
    return response


def receive(client: Client, person: Person, response: dict[str, Any] | bytes) -> Any:
    content = response if isinstance(response, bytes) else json.dumps(response).encode()
    url = reverse("record:answers_take_in", args=[person.pk])
    return client.post(url, {"content": SimpleUploadedFile("reponses.json", content)})


def faults(answer: Any) -> list[tuple[str, str]]:
    assert answer.status_code == 422
    return [(one.place, one.label) for one in answer.context["form"].faults]


def item_of(response: dict[str, Any], name: str) -> dict[str, Any]:
    (found,) = (one for one in response["item"][0]["item"] if one["linkId"] == name)
    return found


def test_who_may_export_takes_the_questions_and_the_answers(
    client: Client, town: Town, rose: Person
) -> None:
    response = sent(client, town, rose)
    evaluation = Evaluation.objects.get()
    assert response["questionnaire"].startswith("urn:virage:instrument:norton|")
    assert response["subject"]["reference"] == f"urn:uuid:{rose.pk}"
    assert "Lambert" not in json.dumps(response)
    url = reverse("record:evaluation_questionnaire", args=[rose.pk, evaluation.pk])
    questions = json.loads(client.get(url).content)
    assert questions["resourceType"] == "Questionnaire"
    assert JournalEvent.objects.filter(action="evaluation.export").count() == 2
    page = client.get(reverse("record:evaluation", args=[rose.pk, evaluation.pk]))
    assert "Télécharger les réponses (FHIR)" in page.content.decode()
    sign_in(client, town.alice)
    assert client.get(url).status_code == 403
    page = client.get(reverse("record:evaluation", args=[rose.pk, evaluation.pk]))
    assert "Télécharger les réponses" not in page.content.decode()


def test_answers_come_back_as_an_evaluation_with_its_scores(
    client: Client, town: Town, rose: Person
) -> None:
    response = sent(client, town, rose)
    response["meta"] = {"profile": ["urn:example"]}
    answer = receive(client, rose, response)
    assert answer.status_code == 302
    first, second = Evaluation.objects.order_by("recorded_at", "id")
    assert (second.answers, second.scores) == (first.answers, first.scores)
    assert abs(second.happened_at - first.happened_at).total_seconds() < 1
    assert second.author_name == "Denis Fabre"
    assert [one.value for one in scores_from_json(second.scores) if one.is_result] == [20]
    assert JournalEvent.objects.filter(action="sheet.take_in").count() == 2


def test_each_fault_is_told_in_its_place_and_nothing_is_written(
    client: Client, town: Town, rose: Person
) -> None:
    response = sent(client, town, rose)
    group = response["item"][0]["item"]
    item_of(response, "mental")["answer"][0]["valueCoding"]["code"] = "happy"
    group.remove(item_of(response, "mobility"))
    group.append({"linkId": "shoe_size", "answer": [{"valueInteger": 38}]})
    places = dict(map(reversed, faults(receive(client, rose, response))))  # type: ignore[arg-type]
    assert places == {
        "Réponse hors de ce qui est demandé": "QuestionnaireResponse.item[0].item[1].answer[0]",
        "Réponse sans question": "QuestionnaireResponse.item[0].item[4]",
        "Réponse obligatoire manquante": places["Réponse obligatoire manquante"],
    }
    assert Evaluation.objects.count() == Sheet.objects.count() == 1


def test_a_number_out_of_its_bounds_is_refused(client: Client, town: Town, rose: Person) -> None:
    total = in_force("tinetti", date(2026, 6, 1))
    assert total is not None
    (item,) = total.items.values()
    group = {"linkId": total.groups[0].id}
    response = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": f"urn:virage:instrument:tinetti|{total.version}",
        "status": "completed",
        "authored": "2026-02-01",
        "item": [group | {"item": [{"linkId": item.id, "answer": [{"valueInteger": 999}]}]}],
    }
    sign_in(client, town.denis)
    (found,) = faults(receive(client, rose, response))
    assert found == ("QuestionnaireResponse.item[0].item[0]", "Réponse hors des bornes")


def test_a_number_longer_than_the_form_takes_is_refused(
    client: Client, town: Town, rose: Person
) -> None:
    response = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "urn:virage:instrument:serafin",
        "status": "completed",
        "authored": "2026-02-01",
        "item": [
            {
                "linkId": "overall",
                "item": [{"linkId": "besoin-serafin", "answer": [{"valueInteger": 10**38}]}],
            }
        ],
    }
    sign_in(client, town.denis)
    (found,) = faults(receive(client, rose, response))
    assert found == ("QuestionnaireResponse.item[0].item[0]", "Réponse hors des bornes")


def test_a_table_is_read_no_further_than_what_refuses_it(
    client: Client, town: Town, rose: Person
) -> None:
    row = {"linkId": "rows", "item": [{"linkId": "place", "answer": [{"valueString": "Salon"}]}]}
    response = {
        "resourceType": "QuestionnaireResponse",
        "questionnaire": "urn:virage:instrument:behaviour_abc",
        "status": "completed",
        "authored": "2026-02-01",
        "item": [{"linkId": "observations", "item": [row] * 3_000}],
    }
    sign_in(client, town.denis)
    refused = receive(client, rose, response)
    assert ("Réponse hors des bornes", "101 lignes") in [
        (one.label, one.value) for one in refused.context["form"].faults
    ]


def test_a_report_of_faults_stays_short(client: Client, town: Town, rose: Person) -> None:
    response = sent(client, town, rose)
    response["item"] += [{"linkId": f"q{number}"} for number in range(19_000)]
    refused = receive(client, rose, response)
    assert len(faults(refused)) == 50
    assert "18950 de plus" in refused.content.decode()
    assert len(refused.content) < 100_000


@pytest.mark.parametrize(
    ("changes", "label"),
    [
        ({"questionnaire": "urn:virage:instrument:nothing|1"}, "Réponses à un autre questionnaire"),
        ({"status": "entered-in-error"}, "Réponses en cours ou annulées"),
        ({"resourceType": "Patient"}, "Autre document que celui attendu"),
        ({"subject": {"identifier": {"value": "999"}}}, "Réponses d’une autre personne"),
        ({"identifier": {"value": "9" * 256}}, "Réponse hors des bornes"),
        ({"authored": ""}, "Date des réponses absente ou impossible"),
        ({"authored": "2026-02"}, "Date des réponses absente ou impossible"),
        ({"authored": "0001-01-01T00:00:00+02:00"}, "Date des réponses absente ou impossible"),
        ({"authored": "1899-12-31"}, "Date des réponses absente ou impossible"),
        ({"authored": "9999-12-31T23:59:59-12:00"}, "Date des réponses absente ou impossible"),
    ],
)
def test_other_files_are_refused(
    client: Client, town: Town, rose: Person, changes: dict[str, Any], label: str
) -> None:
    response = sent(client, town, rose) | changes
    assert label in [one for _, one in faults(receive(client, rose, response))]
    assert faults(receive(client, rose, b"no file of FHIR"))


def test_answers_of_somebody_else_are_refused(client: Client, town: Town, rose: Person) -> None:
    response = sent(client, town, rose)
    other = welcome(town, "Louise Roy", town.ehpad, town.unit_a)
    place, label = "QuestionnaireResponse.subject.reference", "Réponses d’une autre personne"
    assert faults(receive(client, other, response)) == [(place, label)]
    assert Evaluation.objects.count() == 1
    PersonIdentifier.objects.create(person=rose, kind="PI", value="F1|D-77")
    response["subject"] = {"reference": "Patient/5", "identifier": {"value": "D-77"}}
    assert receive(client, rose, response).status_code == 302
    assert faults(receive(client, other, response)) == [
        ("QuestionnaireResponse.subject.identifier", label)
    ]


def test_the_same_answers_are_taken_in_once(client: Client, town: Town, rose: Person) -> None:
    response = sent(client, town, rose) | {"identifier": {"system": "urn:x", "value": "R-1"}}
    assert receive(client, rose, response).status_code == 302
    again = receive(client, rose, response)
    assert again.status_code == 422
    assert "déjà dans ce dossier" in again.content.decode()
    assert Evaluation.objects.count() == 2
    kept = Evaluation.objects.latest("recorded_at")
    assert (kept.received_identifier, kept.received_system) == ("R-1", "urn:x")
    response["identifier"]["value"] = "R-2"
    assert receive(client, rose, response).status_code == 302


def test_what_goes_out_says_its_number_its_author_and_its_comment_and_is_known_again(
    client: Client, town: Town, rose: Person
) -> None:
    evaluation = made(town, rose, comment="Elle marche mieux.")
    sign_in(client, town.denis)
    url = reverse("record:evaluation_fhir", args=[rose.pk, evaluation.pk])
    response = json.loads(client.get(url).content)
    assert response["identifier"] == {
        "system": "urn:ietf:rfc:3986",
        "value": f"urn:uuid:{evaluation.pk}",
    }
    assert response["author"]["display"] == "Alice Martel"
    assert "Elle marche mieux." in json.dumps(response["extension"], ensure_ascii=False)
    again = receive(client, rose, response)
    assert "déjà dans ce dossier" in again.content.decode()
    assert Evaluation.objects.count() == 1
    response["identifier"]["value"] = f"urn:uuid:{uuid4()}"
    page = client.get(receive(client, rose, response).url).content.decode()
    assert "Elle marche mieux." in page
    assert receive(client, rose, response).status_code == 422


def test_who_took_answers_in_is_not_who_gave_them_and_the_file_goes_out_as_it_came(
    client: Client, town: Town, rose: Person
) -> None:
    response = sent(client, town, rose) | {"author": {"display": "Dr Paul Vernet"}}
    content = json.dumps(response, indent=4).encode()
    page_url = receive(client, rose, content).url
    page = client.get(page_url).content.decode()
    assert "Importée par Denis Fabre" in page
    assert "Dr Paul Vernet" in page
    assert "Évaluateur" not in page
    evaluation = Evaluation.objects.latest("recorded_at")
    assert (evaluation.source, evaluation.comment) == (None, "")
    listed = client.get(reverse("record:evolution", args=[rose.pk, evaluation.pk])).content.decode()
    assert "importée par Denis Fabre, Médecin, auteur selon le fichier" in listed
    url = reverse("record:evaluation_fhir", args=[rose.pk, evaluation.pk])
    assert client.get(url).content == content


def test_nothing_is_taken_in_over_a_sheet_in_progress_nor_by_who_does_not_answer(
    client: Client, town: Town, rose: Person
) -> None:
    response = sent(client, town, rose)
    response["authored"] = f"{timezone.localdate():%Y-%m-%d}"
    for member, status in ((town.nina, 422), (town.diane, 403), (town.charlie, 404)):
        sign_in(client, member)
        assert receive(client, rose, response).status_code == status
    sign_in(client, town.alice)
    client.post(reverse("record:sheet_begin", args=[rose.pk]), {"instrument": "norton"})
    refused = receive(client, rose, response)
    assert refused.status_code == 422
    assert "est en cours" in refused.content.decode()
    assert Evaluation.objects.count() == 1
