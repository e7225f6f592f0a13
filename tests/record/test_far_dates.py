"""Days and moments that no calendar of ours holds, or that the clock gives twice or never."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from virage.agenda.actions import plan_event
from virage.agenda.models import Event
from virage.persons.models import Person
from virage.record.models import Note

FAR = ("0001-01-01", "9999-12-31")
SAID_YEARS = "entre 1850 et 2200"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[datetime]]:
    """Hold the present in a list of one instant, which a test may replace."""
    held = [datetime(2026, 11, 2, 9, tzinfo=UTC)]
    monkeypatch.setattr(timezone, "now", lambda: held[0])
    return held


def write(client: Client, person: Person, moment: str) -> HttpResponse:
    typed = {"volet": "care", "text": "Levée une fois.", "happened_at": moment}
    return client.post(reverse("record:notes", args=[person.pk]), typed)


@pytest.mark.parametrize("bound", ["since", "until"])
@pytest.mark.parametrize("day", FAR)
def test_a_far_day_filters_nothing(
    client: Client, town: Town, rose: Person, bound: str, day: str
) -> None:
    sign_in(client, town.alice)
    write(client, rose, "2026-01-05T12:30")
    for name, more in (("timeline", []), ("volet", ["soins"])):
        shown = client.get(reverse(f"record:{name}", args=[rose.pk, *more]), {bound: day})
        assert shown.status_code == 200
        assert SAID_YEARS in shown.text
        assert "Levée une fois." in shown.text


def test_nothing_is_dated_before_the_birth(client: Client, town: Town, rose: Person) -> None:
    sign_in(client, town.alice)
    volet, eve = {"volet": "care"}, "1941-03-11"
    file = SimpleUploadedFile("lettre.pdf", b"%PDF-1.7")
    letter = {"content": file, "title": "Lettre", "made_on": eve, "confidentiality": "N"}
    for name, field, typed in (
        ("notes", "happened_at", {"text": "Levée.", "happened_at": f"{eve}T23:59"}),
        ("event_plan", "happened_at", {"label": "Sortie", "happened_at": f"{eve}T23:59"}),
        ("document_add", "made_on", letter),
    ):
        page = client.post(reverse(f"record:{name}", args=[rose.pk]), volet | typed)
        assert page.status_code == 422
        said = page.context["form"].errors
        assert said == {field: ["La personne est née après, le 12/03/1941."]}
    assert write(client, rose, "1941-03-12T00:00").status_code == 302


@pytest.mark.parametrize("moment", [f"{day}T00:00" for day in FAR])
def test_a_far_moment_is_refused_in_words(
    client: Client, town: Town, rose: Person, moment: str
) -> None:
    sign_in(client, town.alice)
    planned = {"volet": "care", "label": "Sortie", "happened_at": moment, "ends_at": moment}
    event_url = reverse("record:event_plan", args=[rose.pk])
    for answer in (write(client, rose, moment), client.post(event_url, planned)):
        assert answer.status_code == 422
        assert SAID_YEARS in answer.text
    assert not Note.objects.exists() and not Event.objects.exists()


def test_a_far_moment_already_stored_is_shown(client: Client, town: Town, rose: Person) -> None:
    end_of_time = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    event = plan_event(actor_of(town.alice), draft=drafts.event(rose, happened_at=end_of_time))
    Person.objects.filter(pk=rose.pk).update(died_at=end_of_time)
    sign_in(client, town.alice)
    for address in (
        reverse("persons:identity", args=[rose.pk]),
        reverse("record:timeline", args=[rose.pk]),
        reverse("record:event", args=[rose.pk, event.pk]),
    ):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    ("now", "typed", "meant"),
    [
        # Clocks go from 3 h back to 2 h: 0 h 30 UTC is the first « 2 h 30 », 1 h 30 the second.
        ("2026-10-25T00:40", "02:30", "00:30"),
        ("2026-10-25T01:40", "02:30", "01:30"),
        ("2026-10-25T01:40", "02:50", "00:50"),
        ("2026-10-25T05:00", "02:30", "00:30"),
    ],
)
def test_the_hour_that_autumn_repeats_can_be_written(
    client: Client,
    town: Town,
    rose: Person,
    clock: list[datetime],
    now: str,
    typed: str,
    meant: str,
) -> None:
    clock[0] = datetime.fromisoformat(f"{now}+00:00")
    sign_in(client, town.alice)
    assert write(client, rose, f"2026-10-25T{typed}").status_code == 302
    expected = datetime.fromisoformat(f"2026-10-25T{meant}+00:00")
    assert Note.objects.get().happened_at == expected


def test_the_hour_that_spring_skips_is_refused(
    client: Client, town: Town, rose: Person, clock: list[datetime]
) -> None:
    sign_in(client, town.alice)
    answer = write(client, rose, "2026-03-29T02:30")
    assert answer.status_code == 422
    assert "Cette heure n’existe pas" in answer.text
