"""A part of a sheet is asked of others: who is told, and when it is no longer asked."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import drafts
from tests.factories.town import Town, actor_of, hire, sign_in
from tests.guards import BoundedQueries
from virage.foundation.access.models import Restriction
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.models import JournalEvent
from virage.instruments.actions import (
    Typed,
    answer_sheet,
    ask_on_sheet,
    begin_sheet,
    leave_sheet,
    stop_asking,
)
from virage.instruments.models import Sheet
from virage.instruments.queries import requests_on, requests_to
from virage.instruments.rules.given import Given
from virage.instruments.rules.sections import asked_sections, is_answered, sections
from virage.instruments.rules.sheet import SheetDraft
from virage.instruments.rules.shipped import in_force
from virage.persons.models import Person

DAY = date(2026, 6, 1)
GESTURES = {
    "way": Given("adverbs"),
    "talking": Given(("totally",)),
}


@pytest.fixture
def sheet(town: Town, rose: Person) -> Sheet:
    """Return an AGGIR grid that Alice has begun, gesture by gesture."""
    aggir = in_force("aggir", DAY)
    assert aggir is not None
    draft = SheetDraft(
        subject_id=rose.subject_id, instrument=aggir, happened_at=drafts.moments_ago()
    )
    sheet = begin_sheet(actor_of(town.alice), draft=draft)
    answer_sheet(actor_of(town.alice), sheet_id=sheet.pk, typed=Typed(0, GESTURES))
    return sheet


def asked_of(member: Any) -> set[str]:
    return set(requests_to(actor_of(member)).values_list("section", flat=True))


def text_of(page: Any) -> str:
    return " ".join(page.content.decode().replace("\u00a0", " ").split())


def test_a_part_is_answered_when_it_lacks_nothing() -> None:
    aggir = in_force("aggir", DAY)
    assert aggir is not None
    assert "letters" not in {one.id for one in asked_sections(aggir, GESTURES)}
    assert not is_answered(aggir, GESTURES, "coherence_gestures")
    both = GESTURES | {"behaving": Given(())}
    assert is_answered(aggir, both, "coherence_gestures")
    assert not is_answered(aggir, both, "")
    assert not is_answered(aggir, both, "letters"), "what is not asked has no answer"


def test_untitled_groups_stand_under_the_title_before() -> None:
    titles = [one.title for one in sections(in_force("serafin", DAY))]  # type: ignore[arg-type]
    assert titles and all(titles)


def test_a_profession_is_told_until_it_answers(town: Town, rose: Person, sheet: Sheet) -> None:
    part = {"section": "coherence_gestures", "profession": "care_assistant"}
    for _ in range(2):
        ask_on_sheet(actor_of(town.alice), sheet_id=sheet.pk, **part)
    assert [str(one.of) for one in requests_on(sheet)] == ["Aide-soignante, accompagnant (AS, AES)"]
    assert asked_of(town.aude) == {"coherence_gestures"}
    # Of the same profession in another unit, of another profession.
    assert asked_of(town.basile) == asked_of(town.alice) == asked_of(town.denis) == set()
    answer_sheet(
        actor_of(town.aude), sheet_id=sheet.pk, typed=Typed(1, {"behaving": Given(("usually",))})
    )
    assert asked_of(town.aude) == set()
    assert not requests_on(sheet)


def test_a_colleague_is_told_until_it_is_taken_back_or_given_up(town: Town, sheet: Sheet) -> None:
    alice = actor_of(town.alice)
    request = ask_on_sheet(alice, sheet_id=sheet.pk, membership_id=town.denis.pk)
    assert (asked_of(town.denis), asked_of(town.aude)) == ({""}, set())
    stop_asking(alice, sheet_id=sheet.pk, request_id=request.pk)
    assert asked_of(town.denis) == set()
    ask_on_sheet(alice, sheet_id=sheet.pk, membership_id=town.denis.pk)
    leave_sheet(alice, sheet_id=sheet.pk, reason="Mauvaise personne")
    assert asked_of(town.denis) == set()


def test_nothing_is_asked_of_who_may_not_answer(town: Town, rose: Person, sheet: Sheet) -> None:
    alice = actor_of(town.alice)
    closed = {"professional_id": town.denis.professional_id, "reason": "Opposition."}
    Restriction.objects.create(subject=rose.subject, **closed)
    for whom in (
        {"membership_id": town.denis.pk},
        {"membership_id": town.basile.pk},
        {"membership_id": town.diane.pk},
        {"membership_id": town.charlie.pk},
        {"profession": "educator"},
        {},
    ):
        with pytest.raises(Invalid) as invalid:
            ask_on_sheet(alice, sheet_id=sheet.pk, **whom)
        assert list(invalid.value.errors) == ["of"]
    for part in ("letters", "manner"):
        with pytest.raises(Invalid) as invalid:
            ask_on_sheet(alice, sheet_id=sheet.pk, section=part, profession="nurse")
        assert list(invalid.value.errors) == ["part"], part
    for member in (town.nina, town.basile):
        with pytest.raises(Refused):
            ask_on_sheet(actor_of(member), sheet_id=sheet.pk, profession="nurse")


def test_nothing_is_asked_of_a_profession_that_would_not_read_it(
    client: Client, town: Town, rose: Person, sheet: Sheet
) -> None:
    # A therapist writes in care, and reads there what he wrote himself.
    office = actor_of(town.command_line)
    theo = hire(office, "Théo Blin", "therapist", town.ehpad, units=[town.unit_a])
    sign_in(client, town.alice)
    page = text_of(client.get(reverse("record:sheet_ask", args=[rose.pk, sheet.pk])))
    assert "Infirmière, infirmier" in page
    assert "Rééducatrice" not in page and "Théo Blin" not in page
    for whom in ({"profession": "therapist"}, {"membership_id": theo.pk}):
        with pytest.raises(Invalid):
            ask_on_sheet(actor_of(town.alice), sheet_id=sheet.pk, **whom)
    # One that he began is asked of him by his name.
    leave_sheet(actor_of(town.alice), sheet_id=sheet.pk, reason="Reprise par le rééducateur")
    aggir = in_force("aggir", DAY)
    assert aggir is not None
    his = begin_sheet(
        actor_of(theo),
        draft=SheetDraft(
            subject_id=rose.subject_id, instrument=aggir, happened_at=drafts.moments_ago()
        ),
    )
    page = text_of(client.get(reverse("record:sheet_ask", args=[rose.pk, his.pk])))
    assert "Théo Blin, Rééducatrice" in page
    ask_on_sheet(actor_of(town.alice), sheet_id=his.pk, membership_id=theo.pk)
    assert asked_of(theo) == {""}


def test_asked_on_the_page_and_told_at_home(
    client: Client, town: Town, rose: Person, sheet: Sheet, queries: BoundedQueries
) -> None:
    office = actor_of(town.command_line)
    hire(office, "Odile Vasseur", "nurse", town.ehpad, units=[town.unit_b])
    sign_in(client, town.alice)
    where = reverse("record:sheet_ask", args=[rose.pk, sheet.pk])
    form = client.get(where)
    offered = text_of(form)
    assert "Aude Lenoir" in offered and "Denis Fabre" in offered
    assert "Basile Roy" not in offered and "Odile Vasseur" not in offered
    assert f'value="{town.alice.pk}"' not in offered, "nobody asks himself"
    asked = {"part": "orientation_gestures", "of": str(town.aude.pk)}
    answer = client.post(where, asked)
    page = text_of(client.get(answer.url))
    assert "Orientation : Aude Lenoir" in page
    assert JournalEvent.objects.filter(action="sheet.ask").count() == 1
    sign_in(client, town.aude)
    with queries(at_most=12):
        home = text_of(client.get("/"))
    assert "À remplir" in home and "Lambert Rose · Grille AGGIR" in home
    assert "demandé par Alice Martel" in home
    assert f"{sheet.pk}/#part-orientation_gestures" in home
    stop = reverse("record:sheet_ask_stop", args=[rose.pk, sheet.pk, requests_on(sheet)[0].pk])
    assert client.post(stop).status_code == 302
    assert "À remplir" not in text_of(client.get("/"))


def test_saved_in_place_the_page_tells_what_is_still_asked(
    client: Client, town: Town, rose: Person, sheet: Sheet
) -> None:
    """Its requests are outside of the form, and are taken from the answer too (`hx-select-oob`)."""
    for part in ("orientation_gestures", "coherence_gestures"):
        colleague = {"membership_id": town.aude.pk}
        ask_on_sheet(actor_of(town.alice), sheet_id=sheet.pk, section=part, **colleague)
    sign_in(client, town.aude)
    url = reverse("record:sheet", args=[rose.pk, sheet.pk])
    page = client.get(url)
    assert 'hx-select-oob="#requests"' in text_of(page)
    assert 'id="part-orientation_gestures"' in text_of(page)
    form = page.context["form"]
    typed = {name: form[name].value() for name in ("happened_at", "seen", "q__way", "q__talking")}
    typed |= {"q__behaving": ["usually"], "step": "save"}
    saved = text_of(client.post(url, typed, headers={"HX-Request": "true"}))
    assert "Orientation : Aude Lenoir" in saved
    assert "Cohérence : Aude Lenoir" not in saved
