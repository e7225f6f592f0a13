"""A psychologist, who reads care and writes in her own volet, makes the cognitive scales there."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from tests.factories import drafts
from tests.factories.town import Town, actor_of, hire, sign_in
from virage.directory.models import Membership
from virage.foundation.access.enums import Volet
from virage.instruments.actions import begin_sheet, take_in_sheet
from virage.instruments.models import Evaluation, Sheet
from virage.instruments.queries import evaluations_of, find_sheet, offered_to, professions_answering
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.sheet import SheetDraft
from virage.instruments.rules.shipped import in_force
from virage.persons.models import Person

SCALES = ("mmse", "moca", "mini_gds", "npi_es")


@pytest.fixture
def claire(town: Town) -> Membership:
    office = actor_of(town.command_line)
    return hire(office, "Claire Aubin", "psychologist", town.ehpad, units=[town.unit_a])


def draft(person: Person, scale: str) -> SheetDraft:
    instrument = in_force(scale, date(2026, 6, 1))
    assert instrument is not None
    return SheetDraft(
        subject_id=person.subject_id, instrument=instrument, happened_at=drafts.moments_ago()
    )


def make(member: Membership, person: Person, scale: str) -> Evaluation:
    asked = draft(person, scale)
    answers = {name: Given(item.at_least) for name, item in asked.instrument.items.items()}
    return take_in_sheet(actor_of(member), draft=asked, answers=answers)


@pytest.mark.parametrize("scale", SCALES)
def test_she_makes_it_in_her_volet_and_others_in_care(
    town: Town, rose: Person, claire: Membership, scale: str
) -> None:
    assert scale in {one.id for one in offered_to(actor_of(claire))}
    hers, his = make(claire, rose, scale), make(town.alice, rose, scale)
    assert (hers.volet, his.volet) == (Volet.PSYCHOLOGICAL, Volet.CARE)
    # She reads both; a nurse reads what a psychologist shares.
    assert evaluations_of(actor_of(claire), rose.subject_id).count() == 2
    assert list(evaluations_of(actor_of(town.alice), rose.subject_id)) == [his]


def test_hers_and_a_colleague_s_are_two_sheets(
    town: Town, rose: Person, claire: Membership
) -> None:
    first = begin_sheet(actor_of(claire), draft=draft(rose, "mmse"))
    second = begin_sheet(actor_of(town.alice), draft=draft(rose, "mmse"))
    assert first != second
    assert begin_sheet(actor_of(claire), draft=draft(rose, "mmse")) == first
    assert Sheet.objects.count() == 2
    opened = find_sheet(actor_of(town.alice), rose.subject_id, second.pk)
    assert "psychologist" not in professions_answering(actor_of(town.alice), opened)


def test_she_answers_no_scale_of_care_alone(town: Town, rose: Person, claire: Membership) -> None:
    offered = {one.id for one in offered_to(actor_of(claire))}
    assert "norton" not in offered and "aggir" not in offered


def test_from_the_list_to_the_result(
    client: Client, town: Town, rose: Person, claire: Membership
) -> None:
    sign_in(client, claire)
    begun = client.post(reverse("record:sheet_begin", args=[rose.pk]), {"instrument": "mmse"})
    form = client.get(begun.url).context["form"]
    (total,) = (name for name in form.fields if name == "q__total")
    typed = {"happened_at": form["happened_at"].value(), "seen": 0, total: "24"}
    done = client.post(begun.url, typed)
    assert done.status_code == 302, done.context["form"].errors
    assert "24" in client.get(done.url).content.decode()
    assert Evaluation.objects.get().volet == Volet.PSYCHOLOGICAL


def test_a_volet_apart_goes_to_who_answers() -> None:
    mmse = in_force("mmse", date(2026, 6, 1))
    assert mmse is not None
    with pytest.raises(ValueError, match="un volet à part"):
        Instrument(
            **{
                name: getattr(mmse, name)
                for name in mmse.__dataclass_fields__
                if name not in ("volet_by", "answered_by")
            },
            answered_by=("nurse",),
            volet_by={"psychologist": Volet.PSYCHOLOGICAL},
        )
