"""What a sheet refuses by hand: a day to come, two things said at once or a word beside no answer,
to end without the only thing that it asks, and on a page that asks what has been put aside.
"""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.town import Town, actor_of, sign_in
from virage.instruments.actions import Typed, answer_sheet
from virage.instruments.models import Evaluation, Sheet, SheetAnswer
from virage.instruments.rules.given import Given
from virage.persons.models import Person

pytestmark = pytest.mark.django_db
TO_COME = ["Ce jour n’est pas encore venu."]


def begin(client: Client, person: Person, instrument: str) -> str:
    address = reverse("record:sheet_begin", args=[person.pk])
    return str(client.post(address, {"instrument": instrument}).url)


def send(client: Client, url: str, **typed: Any) -> Any:
    form = client.get(url).context["form"]
    shown = {"happened_at": form["happened_at"].value(), "seen": form["seen"].value()}
    return client.post(url, shown | typed)


def test_a_day_to_come_is_not_answered(client: Client, town: Town, ines: Person) -> None:
    sign_in(client, town.bob)
    url, today = begin(client, ines, "behaviour_abc"), timezone.localdate()
    first = {"q__rows__0__day": f"{today}", "q__rows__1__day": f"{today + timedelta(days=1)}"}
    refused = send(client, url, **first, step="save")
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"q__rows__1__day": TO_COME}
    del first["q__rows__1__day"]
    assert send(client, url, **first, step="save").status_code == 302


def test_what_two_answers_say_at_once_is_told_at_the_question(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.alice)
    url = begin(client, rose, "aggir")
    send(client, url, q__way="adverbs", step="save")
    refused = send(client, url, q__way="adverbs", q__talking=["totally", "!"], step="save")
    assert refused.status_code == 422
    assert "pas les deux" in str(refused.context["form"].errors["q__talking"])
    none = send(client, url, q__way="adverbs", q__talking=["!"], step="save")
    assert none.status_code == 302
    assert client.get(url).context["form"]["q__talking"].value() == ["!"]


def test_what_is_written_beside_no_answer_is_told_and_not_lost(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.alice)
    url = begin(client, rose, "weight")
    said = {"q__misleading__comment": "Prothèse ôtée"}
    refused = send(client, url, **said, step="save")
    assert refused.status_code == 422 and "Prothèse ôtée" in refused.text
    assert "à côté" in str(refused.context["form"].errors["q__misleading"])
    assert send(client, url, **said, q__misleading="no", step="save").status_code == 302
    assert client.get(url).context["form"]["q__misleading__comment"].value() == "Prothèse ôtée"


def test_a_total_alone_is_not_ended_without_it(client: Client, town: Town, rose: Person) -> None:
    """No box is offered that would be ticked in vain: without a total, there is no result."""
    sign_in(client, town.alice)
    url = begin(client, rose, "tinetti")
    assert "Terminer sans les réponses" not in client.get(url).content.decode()
    refused = send(client, url)
    assert refused.status_code == 422
    assert refused.context["form"].errors == {"q__total": ["Inscrivez le total pour terminer."]}
    assert not Evaluation.objects.exists()
    assert send(client, url, step="save", q__comment="La feuille est au bureau").status_code == 302
    assert send(client, url, q__total="20").status_code == 302
    assert Sheet.objects.get().evaluation_id == Evaluation.objects.get().pk


def test_what_lacks_is_told_as_typed_and_leads_there(
    client: Client, town: Town, rose: Person
) -> None:
    """Ended too early, the page names what is not on it yet, and nothing that was just typed."""
    sign_in(client, town.alice)
    url = begin(client, rose, "norton")
    typed = {"physical": "good", "mental": "alert", "activity": "bed", "mobility": "full"}
    refused = send(client, url, **{f"q__{name}": value for name, value in typed.items()})
    assert refused.status_code == 422
    assert refused.context["form"].lacking == [("Incontinence", "id_q__incontinence")]
    page = refused.content.decode().replace("\u00a0", " ")
    assert 'Il manque 1 réponse : <a href="#id_q__incontinence">' in page
    assert page.count('id="id_q__incontinence"') == 1


@pytest.mark.parametrize("step", [{"step": "save"}, {"accepts_missing": "on"}])
def test_an_answer_to_what_is_no_longer_asked_is_kept_and_told(
    client: Client, town: Town, rose: Person, step: dict[str, str]
) -> None:
    sign_in(client, town.alice)
    url = begin(client, rose, "aggir")
    send(client, url, q__way="letters", step="save")
    form, sheet = client.get(url).context["form"], Sheet.objects.get()
    shown = {"happened_at": form["happened_at"].value(), "seen": form["seen"].value()}
    theirs = Typed(sheet.answer_number, {"way": Given("adverbs")})
    answer_sheet(actor_of(town.aude), sheet_id=sheet.pk, typed=theirs)
    told = client.post(url, shown | step | {"q__way": "letters", "q__washing_letter": "b"})
    assert told.status_code == 422 and not Evaluation.objects.exists()
    assert told.context["put_aside"] == ["Toilette"]
    page = told.content.decode()
    assert "Ces questions ne sont plus posées" in page and "washing_letter" not in page
    assert SheetAnswer.objects.get(item="washing_letter").value == {"value": "b"}
    assert send(client, url, q__way="letters", step="save").status_code == 302
    assert client.get(url).context["form"]["q__washing_letter"].value() == "b"


def test_what_was_answered_is_kept_by_an_end_that_is_refused(
    client: Client, town: Town, rose: Person
) -> None:
    """The page says so, and what is changed on it then is no other answer than one's own."""
    sign_in(client, town.alice)
    url = begin(client, rose, "norton")
    refused = send(client, url, q__physical="good")
    assert refused.status_code == 422
    page = refused.content.decode()
    assert "Vos réponses sont enregistrées" in page and "Rien n’est enregistré" not in page
    assert SheetAnswer.objects.get().value == {"value": "good"}
    shown = refused.context["form"]
    assert shown.errors.keys() == {"accepts_missing"}
    held = {name: shown[name].value() for name in ("happened_at", "shown_at", "seen")}
    ended = client.post(url, held | {"q__physical": "bad", "accepts_missing": "on"})
    assert ended.status_code == 302
    assert SheetAnswer.objects.get(number=2).value == {"value": "bad"}
