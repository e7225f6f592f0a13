"""What the record knows is proposed in words beside a question; what is unusual is confirmed."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from tests.guards import BoundedQueries
from virage.formats.tddui.record import Answer
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import Restriction
from virage.foundation.journal.models import JournalEvent
from virage.instruments.actions import freeze_evaluations
from virage.instruments.enums import EvaluationStatus
from virage.instruments.models import Evaluation
from virage.persons.models import Person

pytestmark = pytest.mark.django_db


def weigh(town: Town, person: Person, kilos: str, days: int, **changes: Any) -> Evaluation:
    """Keep a weighing of some days ago, made with another instrument than the one begun."""
    answers = [
        Answer(link_id="weight", value=Decimal(kilos), value_kind="decimal"),
        Answer(link_id="height", value=165, value_kind="integer"),
    ]
    made = {"instrument": "undernutrition_70", "instrument_version": "2021", "answers": answers}
    made["happened_at"] = drafts.moments_ago(24 * days)
    draft = drafts.evaluation(person, **made | changes)
    (evaluation,) = freeze_evaluations(actor_of(town.alice), drafts=[draft])
    return evaluation


def begin(client: Client, person: Person) -> str:
    """Begin to weigh; return the address of the sheet."""
    answer = client.post(reverse("record:sheet_begin", args=[person.pk]), {"instrument": "weight"})
    return str(answer.url)


def send(client: Client, url: str, at: datetime | None = None, **typed: Any) -> Any:
    """Save answers as the page sends them."""
    form = client.get(url).context["form"]
    day = timezone.localtime(at) if at else form["happened_at"].value()
    sent = {"happened_at": f"{day:%Y-%m-%dT%H:%M}", "seen": form["seen"].value()}
    fields = {f"q__{name}": value for name, value in typed.items() if name != "step"}
    ticked = {"confirms_doubts": "on"} if typed.pop("is_sure", None) else {}
    return client.post(url, sent | fields | ticked | {"step": typed.get("step", "")})


def proposed(client: Client, url: str) -> dict[str, str]:
    """Return what is proposed on a sheet, without its no-break spaces."""
    sheet = client.get(url).context["opened"].sheet
    return {name: said.replace("\u00a0", " ") for name, said in sheet.suggestions.items()}


def test_the_last_weight_and_those_before_are_proposed(
    client: Client, town: Town, rose: Person
) -> None:
    weighings = (("61.5", 2), ("62", 20), ("63", 33), ("66", 190), ("70", 230))
    made = {days: weigh(town, rose, kilos, days).happened_at for kilos, days in weighings}
    weigh(town, rose, "40", 1, status=EvaluationStatus.ENTERED_IN_ERROR)
    elsewhere = weigh(town, rose, "41", 1)
    Evaluation.objects.filter(pk=elsewhere.pk).update(volet=Volet.PSYCHOLOGICAL)
    sign_in(client, town.alice)
    url = begin(client, rose)
    assert not client.get(url).context["form"]["q__weight"].value()
    words = proposed(client, url)
    day = {days: f"{timezone.localdate(at):%d/%m/%Y}" for days, at in made.items()}
    assert words["weight"] == f"« 61,5 kg », dernière valeur connue, du {day[2]}."
    assert words["height"] == f"« 165 cm », dernière valeur connue, du {day[2]}."
    assert words["weight_1_month"] == f"« 63 kg », pesée du {day[33]}."
    assert words["weight_6_months"] == f"« 66 kg », pesée du {day[190]}."
    assert words["is_70"] == "« Oui », d’après la date de naissance."


def test_they_are_those_of_the_day_of_the_evaluation(
    client: Client, town: Town, rose: Person
) -> None:
    weigh(town, rose, "61.5", 2)
    for kilos, days in (("63", 20), ("66", 50)):
        weigh(town, rose, kilos, days)
    sign_in(client, town.alice)
    url = begin(client, rose)
    assert "weight_1_month" not in proposed(client, url)
    send(client, url, drafts.moments_ago(24 * 19), step="save")
    words = proposed(client, url)
    assert words["weight"].startswith("« 63 kg », dernière valeur connue")
    assert words["weight_1_month"].startswith("« 66 kg », pesée du")


def test_a_former_weight_says_what_was_lost_and_how_it_is_counted(
    client: Client, town: Town, rose: Person
) -> None:
    for kilos, days in (("65", 30), ("66", 182)):
        weigh(town, rose, kilos, days)
    sign_in(client, town.alice)
    url = begin(client, rose)
    send(client, url, weight="61.5", misleading="no", step="save")
    words = proposed(client, url)
    assert words["weight_1_month"].partition(". ")[2] == (
        "Perte en un mois : 5,38 %, critère de dénutrition (5 %). "
        "La part du poids d’avant qui a été perdue : (65 − 61,5) ÷ 65."
    )
    assert "Perte en six mois : 6,82 %, sous le critère" in words["weight_6_months"]
    page = client.get(url).content.decode().replace("\u00a0", " ")
    assert "Perte en un mois : 5,38 %" in page


def test_what_is_closed_to_someone_or_too_far_is_not_proposed(
    client: Client, town: Town, rose: Person
) -> None:
    weigh(town, rose, "63", 60)
    closed = weigh(town, rose, "61.5", 2)
    aude = {"professional_id": town.aude.professional_id, "reason": "Opposition."}
    Restriction.objects.create(subject=rose.subject, item_id=closed.pk, **aude)
    sign_in(client, town.alice)
    words = proposed(client, begin(client, rose))
    assert "63 kg" in words["weight"]
    assert "weight_1_month" not in words and "weight_6_months" not in words


def test_what_is_known_costs_the_same_for_one_weighing_and_thirty(
    client: Client, town: Town, rose: Person, queries: BoundedQueries
) -> None:
    sign_in(client, town.alice)
    url = begin(client, rose)
    for count in (1, 29):
        for days in range(count):
            weigh(town, rose, "61.5", days)
        with queries(at_most=12):
            client.get(url)


WEIGHED = {"height": "165", "misleading": "no", "is_70": "yes"}
WEIGHED |= {"weight_1_month": "66", "weight_6_months": "66"}


@pytest.mark.parametrize(
    ("kilos", "days", "why"),
    [
        ("76.1", 5, "76,1 kg, soit 10,1 kg de plus que le"),
        ("55.9", 7, "55,9 kg, soit 10,1 kg de moins que le"),
        ("310", 30, "310 kg, plus que 300"),
        ("19", 30, "19 kg, moins que 20"),
        ("76", 5, ""),
        ("76.1", 8, ""),
    ],
)
def test_a_weight_out_of_the_ordinary_is_confirmed_and_never_refused(
    client: Client, town: Town, rose: Person, kilos: str, days: int, why: str
) -> None:
    weigh(town, rose, "66", days)
    sign_in(client, town.alice)
    url = begin(client, rose)
    send(client, url, **WEIGHED, weight=kilos, step="save")
    page = send(client, url, **WEIGHED, weight=kilos)
    made = Evaluation.objects.filter(instrument="weight")
    confirmed = JournalEvent.objects.filter(action="sheet.confirm")
    if not why:
        assert made.exists() and not confirmed.exists()
        return
    (told,) = page.context["form"].errors["confirms_doubts"]
    assert f"« Poids » : {why}" in told.replace("\u00a0", " ")
    assert page.context["form"].asks_to_confirm and not made.exists()
    assert send(client, url, **WEIGHED, weight=kilos, is_sure=True).status_code == 302
    assert made.get() and confirmed.get().detail == {"items": ["weight"]}


def test_a_weight_that_alarms_is_taken_again_within_the_week(
    client: Client, town: Town, rose: Person
) -> None:
    sign_in(client, town.alice)
    for kilos, days in (("62.8", 30), ("62.7", 7)):
        url = begin(client, rose)
        send(client, url, **WEIGHED, weight=kilos, step="save")
        page = client.get(send(client, url, **WEIGHED, weight=kilos).url)
        made = Evaluation.objects.filter(instrument="weight").latest("recorded_at")
        assert made.due_on == timezone.localdate(made.happened_at) + timedelta(days=days)
        assert ("À refaire sous 7 jours" in page.content.decode()) == (days == 7)
