"""What the record knows is proposed in words beside a question, and answers nothing."""

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from virage.formats.tddui.record import Answer
from virage.foundation.access.enums import Volet
from virage.foundation.access.models import Restriction
from virage.instruments.actions import freeze_evaluations
from virage.instruments.enums import EvaluationStatus
from virage.instruments.models import Evaluation, Sheet
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


def proposed(client: Client, town: Town, person: Person) -> dict[str, str]:
    """Begin to weigh; return what is proposed, without its no-break spaces."""
    sign_in(client, town.alice)
    url = client.post(reverse("record:sheet_begin", args=[person.pk]), {"instrument": "weight"}).url
    page = client.get(url)
    assert not page.context["form"]["q__weight"].value()
    words = Sheet.objects.latest("recorded_at").suggestions
    return {name: said.replace("\u00a0", " ") for name, said in words.items()}


def test_the_last_weight_and_those_before_are_proposed(
    client: Client, town: Town, rose: Person
) -> None:
    weighings = (("61.5", 2), ("62", 20), ("63", 33), ("66", 190), ("70", 230))
    made = {days: weigh(town, rose, kilos, days).happened_at for kilos, days in weighings}
    weigh(town, rose, "40", 1, status=EvaluationStatus.ENTERED_IN_ERROR)
    elsewhere = weigh(town, rose, "41", 1)
    Evaluation.objects.filter(pk=elsewhere.pk).update(volet=Volet.MEDICAL)
    words = proposed(client, town, rose)
    day = {days: f"{timezone.localdate(at):%d/%m/%Y}" for days, at in made.items()}
    assert words["weight"] == f"« 61,5 kg », dernière valeur connue, du {day[2]}."
    assert words["height"] == f"« 165 cm », dernière valeur connue, du {day[2]}."
    assert words["weight_1_month"] == f"« 63 kg », pesée du {day[33]}."
    assert words["weight_6_months"] == f"« 66 kg », pesée du {day[190]}."
    assert words["is_70"] == "« Oui », d’après la date de naissance."


def test_what_is_closed_to_someone_or_too_far_is_not_proposed(
    client: Client, town: Town, rose: Person
) -> None:
    weigh(town, rose, "63", 60)
    closed = weigh(town, rose, "61.5", 2)
    aude = {"professional_id": town.aude.professional_id, "reason": "Opposition."}
    Restriction.objects.create(subject=rose.subject, item_id=closed.pk, **aude)
    words = proposed(client, town, rose)
    assert "63 kg" in words["weight"]
    assert "weight_1_month" not in words and "weight_6_months" not in words
