"""The screens of evaluations: begun, filled in, finished, read over time, compared."""

import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, sign_in
from tests.guards import BoundedQueries
from virage.foundation.journal.models import JournalEvent
from virage.foundation.ui.forms import RESUME
from virage.instruments.actions import Typed, answer_sheet
from virage.instruments.models import Evaluation, Sheet
from virage.instruments.rules.given import Given
from virage.persons.models import Person

pytestmark = pytest.mark.django_db
GOOD = {
    "q__physical": "good",
    "q__mental": "alert",
    "q__activity": "walks",
    "q__mobility": "full",
    "q__incontinence": "none",
}
BAD = GOOD | {"q__physical": "bad", "q__mental": "confused", "q__activity": "bed"}


@pytest.fixture
def rose(town: Town) -> Person:
    return welcome(town, "Rose Lambert", town.ehpad, town.unit_a)


@pytest.fixture
def alice(client: Client, town: Town) -> Client:
    sign_in(client, town.alice)
    return client


def begin(client: Client, person: Person, instrument: str = "norton") -> str:
    """Begin a sheet; return its address."""
    answer = client.post(
        reverse("record:sheet_begin", args=[person.pk]), {"instrument": instrument}
    )
    assert answer.status_code == 302
    return str(answer.url)


def send(client: Client, url: str, answers: dict[str, Any], **more: Any) -> Any:
    page = client.get(url)
    form = page.context["form"]
    typed = {"happened_at": form["happened_at"].value(), "seen": form["seen"].value()}
    return client.post(url, typed | answers | more)


def hidden_and_shown(page: Any) -> dict[str, str]:
    """Return what the fields above the questions hold, as a browser sends them."""
    inputs = re.findall(r"<input[^>]*>", page.content.decode())
    held = [dict(re.findall(r'([\w-]+)="([^"]*)"', one)) for one in inputs]
    names = ("happened_at", "shown_at", "seen")
    return {one["name"]: one["value"] for one in held if one.get("name") in names}


def finished(client: Client, person: Person, answers: dict[str, Any]) -> Any:
    answer = send(client, begin(client, person), answers)
    assert answer.status_code == 302, answer.context["form"].errors
    return client.get(answer.url)


def text_of(page: Any) -> str:
    return " ".join(page.content.decode().split())


def test_begun_filled_in_and_finished(alice: Client, rose: Person) -> None:
    url = begin(alice, rose)
    assert begin(alice, rose) == url
    saved = send(alice, url, {"q__mental": "alert"}, step="save")
    assert saved.url == url
    page = alice.get(url)
    assert page.context["form"]["q__mental"].value() == "alert"
    assert "Il manque 4 réponses" in text_of(page)
    refused = send(alice, url, {"q__mental": "alert"})
    assert refused.status_code == 422
    assert "« Incontinence »" in text_of(refused)
    result = alice.get(send(alice, url, GOOD).url)
    assert "20" in text_of(result) and "Sans risque particulier" in text_of(result)
    assert alice.get(url).url == result.request["PATH_INFO"]


def test_an_incomplete_one_is_finished_knowingly(alice: Client, rose: Person) -> None:
    url = begin(alice, rose)
    page = alice.get(send(alice, url, {"q__mental": "alert"}, accepts_missing="on").url)
    assert "Incomplet" in text_of(page)


def test_a_colleague_s_answer_is_never_replaced_unseen(
    alice: Client, town: Town, rose: Person
) -> None:
    url = begin(alice, rose)
    page = alice.get(url)
    sheet = Sheet.objects.get()
    theirs = Typed(0, {"mental": Given("confused"), "activity": Given("bed")})
    answer_sheet(actor_of(town.aude), sheet_id=sheet.pk, typed=theirs)
    typed = {"happened_at": page.context["form"]["happened_at"].value(), "seen": 0}
    typed |= {"q__mental": "alert", "q__physical": "good", "step": "save"}
    clash = alice.post(url, typed)
    assert clash.status_code == 422
    assert "a répondu « Confus »" in text_of(clash).replace("\u00a0", " ")
    form = clash.context["form"]
    assert form["q__mental"].value() == ["alert"] or form["q__mental"].value() == "alert"
    assert form["q__activity"].value() == "bed"
    kept = alice.post(url, typed | {"seen": form["seen"].value(), "q__activity": "bed"})
    assert kept.status_code == 302
    again = alice.get(url).context["form"]
    assert (again["q__mental"].value(), again["q__activity"].value()) == ("alert", "bed")


def test_one_s_own_answer_from_another_page_is_said_to_be_one_s_own(
    alice: Client, rose: Person
) -> None:
    url = begin(alice, rose)
    stale = hidden_and_shown(alice.get(url)) | {"step": "save"}
    assert alice.post(url, stale | {"q__mental": "confused"}).status_code == 302
    clash = alice.post(url, stale | {"q__mental": "alert"})
    assert clash.status_code == 422
    said = text_of(clash).replace("\u00a0", " ")
    assert "vous avez répondu « Confus » depuis une autre page" in said
    assert "Alice Martel a répondu" not in said


def test_a_stale_page_undoes_no_date(alice: Client, town: Town, rose: Person) -> None:
    url = begin(alice, rose)
    shown = hidden_and_shown(alice.get(url))
    aude = Client()
    sign_in(aude, town.aude)
    day = f"{timezone.localdate() - timedelta(days=3)}T10:00"
    before = Sheet.objects.get().happened_at
    moved = aude.post(url, hidden_and_shown(aude.get(url)) | {"happened_at": day, "step": "save"})
    assert moved.status_code == 302
    event = JournalEvent.objects.filter(action="sheet.answer").latest("at")
    after = Sheet.objects.get().happened_at
    assert after < before - timedelta(days=2)
    assert [datetime.fromisoformat(one) for one in event.detail["happened_at"]] == [before, after]
    # Alice opened her page before that, and only answers a question.
    assert alice.post(url, shown | {"q__mental": "alert", "step": "save"}).status_code == 302
    assert Sheet.objects.get().happened_at == after
    # Refused for another field, a page still says which date it showed first.
    refused = alice.post(url, shown | {"q__mental": "unheard of", "step": "save"})
    assert refused.status_code == 422
    assert hidden_and_shown(refused) == shown


def test_a_date_kept_in_a_draft_is_saved(alice: Client, rose: Person) -> None:
    url = begin(alice, rose)
    page = alice.get(url)
    day = f"{timezone.localdate() - timedelta(days=3)}T10:00"
    typed = hidden_and_shown(page) | {"happened_at": day, "q__comment": "Vue au lit"}
    entered = json.dumps({name: [value] for name, value in typed.items()})
    kept = {"form": url, "sent": page.context["sent"], "entered": entered}
    assert alice.post(reverse("drafts:keep"), kept).status_code == 204
    resumed = hidden_and_shown(alice.get(url, {RESUME: ""}))
    assert resumed["happened_at"] == day
    assert alice.post(url, resumed | {"step": "save"}).status_code == 302
    assert f"{timezone.localtime(Sheet.objects.get().happened_at):%Y-%m-%dT%H:%M}" == day


def test_a_draft_ends_with_a_save_in_place_which_begins_another(
    alice: Client, rose: Person
) -> None:
    url = begin(alice, rose)
    page = alice.get(url)
    typed = hidden_and_shown(page) | {"q__mental": "alert"}
    entered = json.dumps({name: [value] for name, value in typed.items()})
    kept = {"form": url, "sent": page.context["sent"], "entered": entered}
    assert alice.post(reverse("drafts:keep"), kept).status_code == 204
    assert "Un brouillon vous attend" in text_of(alice.get(url))
    in_place = {"HX-Request": "true"}
    stale = typed | {"q__mental": "confused", "step": "save"}
    saved = alice.post(url, typed | {"step": "save"}, headers=in_place)
    assert "Réponses enregistrées" in text_of(saved)
    assert "Un brouillon vous attend" not in text_of(alice.get(url))
    clash = alice.post(url, stale, headers=in_place)
    assert "depuis une autre page" in text_of(clash)
    for answer in (saved, clash):
        assert f'data-v-draft="{url}"' in text_of(answer)


def test_the_gir_says_why(alice: Client, rose: Person) -> None:
    url = begin(alice, rose, "aggir")
    send(alice, url, {"q__way": "letters"}, step="save")
    names = [name for name in alice.get(url).context["form"].fields if name.endswith("_letter")]
    letters = dict.fromkeys(names, "a") | {"q__elimination_letter": "b", "q__transfers_letter": "b"}
    answer = send(alice, url, {"q__way": "letters"} | letters)
    page = text_of(alice.get(answer.url)).replace("\u00a0", " ")
    assert "GIR 4" in page and "le seuil de 4000 est atteint" in page
    assert "Le calcul de la loi surprend ici" in page
    assert "Transferts en C : GIR 5" in page


def test_a_table_is_filled_in_row_after_row(client: Client, town: Town) -> None:
    person = welcome(town, "Inès Roux", town.ime, town.ime_unit)
    sign_in(client, town.bob)
    url = begin(client, person, "behaviour_abc")
    first = {"q__rows__0__day": "2026-01-05", "q__rows__0__behaviour": "Il a crié"}
    assert send(client, url, first, step="save").status_code == 302
    form = client.get(url).context["form"]
    assert form["q__rows__0__behaviour"].value() == "Il a crié"
    assert any("__2__" in name for name in form.fields), "a row more is offered"
    page = text_of(client.get(url))
    assert ", ligne 1" in page and ", ligne 3" in page


def test_more_rows_than_a_table_takes_are_refused_in_words(client: Client, town: Town) -> None:
    person = welcome(town, "Inès Roux", town.ime, town.ime_unit)
    sign_in(client, town.bob)
    url = begin(client, person, "behaviour_abc")
    rows = {f"q__rows__{row}__place": f"Couloir {row}" for row in range(101)}
    refused = send(client, url, rows, step="save")
    assert refused.status_code == 422
    assert "100 lignes au plus" in text_of(refused)
    del rows["q__rows__100__place"]
    assert send(client, url, rows, step="save").status_code == 302
    assert "ligne 100" in text_of(client.get(url)) and "ligne 101" not in text_of(client.get(url))


def test_no_day_before_the_birth_is_answered(client: Client, town: Town) -> None:
    person = welcome(town, "Inès Roux", town.ime, town.ime_unit)
    sign_in(client, town.bob)
    url = begin(client, person, "behaviour_abc")
    refused = send(client, url, {"q__rows__0__day": "1941-03-11"}, step="save")
    born_after = ["La personne est née après, le 12/03/1941."]
    assert refused.context["form"].errors == {"q__rows__0__day": born_after}
    refused = send(client, url, {"happened_at": "1941-03-11T10:00"}, step="save")
    assert refused.context["form"].errors == {"happened_at": born_after}
    assert send(client, url, {"q__rows__0__day": "1941-03-12"}, step="save").status_code == 302


def test_what_a_result_needs_is_marked_and_not_required_to_save(
    alice: Client, rose: Person
) -> None:
    page = alice.get(begin(alice, rose)).content.decode()
    assert page.count("sont nécessaires au résultat") == 1 and "sont obligatoires" not in page
    marked = re.findall(r'([^<>]+) <span class="required" aria-hidden="true">', page)
    assert marked == ["Évaluée le", "État physique", "État mental", "Activité", "Mobilité"] + [
        "Incontinence"
    ]
    questions = page[page.index("État physique") :]
    assert " required" not in questions.replace('class="required"', "")


def test_what_may_be_begun_goes_by_theme(alice: Client, rose: Person) -> None:
    listed = text_of(alice.get(reverse("record:evaluations", args=[rose.pk])))
    places = [
        listed.index(words)
        for words in ('label="Douleur"', "Algoplus", 'label="Chutes et escarres"')
    ]
    assert places == sorted(places)
    assert "Avis de la personne" not in listed  # no nurse answers these


def test_evolution_and_comparison(alice: Client, rose: Person, queries: BoundedQueries) -> None:
    finished(alice, rose, GOOD)
    finished(alice, rose, BAD)
    before, after = Evaluation.objects.order_by("recorded_at", "id")
    with queries(at_most=12):
        listed = text_of(alice.get(reverse("record:evaluations", args=[rose.pk])))
    assert "2 résultats" in listed and "Risque d’escarre" in listed
    with queries(at_most=12):
        evolution = alice.get(reverse("record:evolution", args=[rose.pk, after.pk]))
    assert "<svg" in text_of(evolution)
    assert evolution.context["shown"].charts[0].moments == (before.happened_at, after.happened_at)
    assert re.search(r'aria-label="Comparer le résultat du [\d/]{10} au', text_of(evolution))
    with queries(at_most=12):
        compared = alice.get(
            reverse("record:evaluation_comparison", args=[rose.pk, after.pk, before.pk])
        )
    page = text_of(compared)
    assert "−8" in page and "Très mauvais" in page and "Immobile" not in page


def test_a_page_costs_the_same_for_one_answer_and_for_all(
    alice: Client, rose: Person, queries: BoundedQueries
) -> None:
    url = begin(alice, rose)
    with queries(at_most=12) as empty:
        alice.get(url)
    send(alice, url, GOOD, step="save")
    with queries(at_most=12) as full:
        alice.get(url)
    assert len(empty) == len(full)


def test_the_history_says_who_answered_what_before(
    alice: Client, town: Town, rose: Person, queries: BoundedQueries
) -> None:
    url = begin(alice, rose)
    send(alice, url, {"q__mental": "confused"}, step="save")
    send(alice, url, {"q__activity": "bed"}, step="save")
    aude = Client()
    sign_in(aude, town.aude)
    send(aude, url, {"q__mental": "alert", "q__activity": "bed"}, step="save")
    history = f"{url}historique/"
    assert history in text_of(alice.get(url))
    with queries(at_most=12):
        page = alice.get(history)
    moments = page.context["shown"].moments
    told = [[(one.label, one.before, one.after) for one in each.changes] for each in moments]
    assert told == [
        [],
        [("État mental", "", "Confus")],
        [("État mental", "Confus", ""), ("Activité", "", "Alité")],
        [("État mental", "", "Alerte")],
    ]
    assert [one.author.partition(",")[0] for one in moments] == [
        *[town.alice.professional.display_name] * 3,
        town.aude.professional.display_name,
    ]
    assert "réponse retirée" in text_of(page)
    assert JournalEvent.objects.filter(action="sheet.history").count() == 1
    sign_in(aude, town.charlie)
    assert aude.get(history).status_code == 404
    # Finished, it is reached from the evaluation, for who reads that.
    result = alice.get(send(alice, url, GOOD).url)
    finished_history = alice.get(history).url
    assert finished_history in text_of(result)
    moments = alice.get(finished_history).context["shown"].moments
    assert (moments[0].title, moments[-1].title) == ("Commencée", "Terminée")
    assert aude.get(finished_history).status_code == 404


def test_given_up_with_a_reason(alice: Client, rose: Person) -> None:
    url = begin(alice, rose)
    leave = f"{url}abandonner/"
    assert alice.post(leave, {"seen_state": "open", "reason": ""}).status_code == 422
    answer = alice.post(leave, {"seen_state": "open", "reason": "Mauvaise personne"})
    assert answer.status_code == 302
    assert "En cours de saisie" not in text_of(alice.get(answer.url))
    assert "abandonnée" in text_of(alice.get(url))
    # It stays within reach: who gave it up, and why.
    listed = text_of(alice.get(answer.url))
    assert "Saisies abandonnées" in listed and "Mauvaise personne" in listed and url in listed
    last = alice.get(f"{url}historique/").context["shown"].moments[-1]
    assert (last.title, last.reason) == ("Abandonnée", "Mauvaise personne")


def test_whoever_only_reads_sees_the_answers(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.alice)
    url = begin(client, rose)
    send(client, url, {"q__mental": "alert"}, step="save")
    sign_in(client, town.nina)
    page = client.get(url)
    assert page.status_code == 200
    assert "Alerte" in text_of(page) and "Terminer" not in text_of(page)
    assert client.post(url, GOOD).status_code == 403
    sign_in(client, town.charlie)
    assert client.get(url).status_code == 404


def test_what_is_due_again_is_told_to_who_assesses(
    alice: Client, town: Town, rose: Person, queries: BoundedQueries
) -> None:
    finished(alice, rose, GOOD)
    listed = reverse("record:evaluations", args=[rose.pk])
    assert "Bientôt" not in text_of(alice.get(listed))
    today = timezone.localdate()
    assert "Évaluations à refaire" not in text_of(alice.get("/"))
    Evaluation.objects.update(due_on=today - timedelta(days=3))
    with queries(at_most=12):
        home = text_of(alice.get("/"))
    assert "À refaire" in text_of(alice.get(listed))
    assert f"depuis le {today - timedelta(days=3):%d/%m/%Y}" in home
    Evaluation.objects.update(due_on=today + timedelta(days=8))
    assert "Évaluations à refaire" not in text_of(alice.get("/"))
    Evaluation.objects.update(due_on=today)
    for who in (town.basile, town.sofia, town.charlie):
        sign_in(alice, who)
        assert "Évaluations à refaire" not in text_of(alice.get("/"))
    # Made again since, the former one is no longer due.
    sign_in(alice, town.alice)
    assert "Évaluations à refaire" in text_of(alice.get("/"))
    finished(alice, rose, GOOD)
    assert "Évaluations à refaire" not in text_of(alice.get("/"))
