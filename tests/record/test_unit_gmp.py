"""The GMP of a unit: what it counts, who sees it, and what the list behind it tells to whom."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import Town, actor_of, hire, sign_in
from tests.guards import BoundedQueries
from virage.directory.models import Unit
from virage.formats.tddui.record import Answer
from virage.foundation.access.models import Restriction
from virage.foundation.content import nomenclature
from virage.foundation.errors import Refused
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalEvent
from virage.instruments.actions import (
    Typed,
    answer_sheet,
    begin_sheet,
    finish_sheet,
    freeze_evaluations,
)
from virage.instruments.enums import EvaluationStatus
from virage.instruments.models import Evaluation
from virage.instruments.rules.given import Given
from virage.instruments.rules.sheet import SheetDraft
from virage.instruments.rules.shipped import in_force
from virage.persons.models import Person, Stay
from virage.record.queries.dependency import UnitDependency, unit_dependency


def receive(town: Town, person: Person, gir: int, **changes: Any) -> None:
    freeze_evaluations(actor_of(town.alice), drafts=[drafts.grid(person, gir, **changes)])


def assess(town: Town, person: Person, letter: str) -> Evaluation:
    """Fill our own grid in, one letter for all variables."""
    alice, aggir = actor_of(town.alice), in_force("aggir", timezone.localdate())
    assert aggir is not None
    draft = SheetDraft(
        subject_id=person.subject_id, instrument=aggir, happened_at=drafts.moments_ago()
    )
    sheet = begin_sheet(alice, draft=draft)
    names = [name for name in aggir.items if name.endswith("_letter")]
    answers = {"way": Given("letters")} | dict.fromkeys(names, Given(letter))
    answer_sheet(alice, sheet_id=sheet.pk, typed=Typed(0, answers))
    return finish_sheet(alice, sheet_id=sheet.pk)


def gmp_of(town: Town, unit: Unit, who: str = "diane") -> UnitDependency:
    with collecting_reads():
        return unit_dependency(actor_of(getattr(town, who)), unit.pk)


def text_of(page: Any) -> str:
    return " ".join(page.content.decode().replace("\u00a0", " ").split())


@pytest.fixture
def three(town: Town, rose: Person, louise: Person) -> list[Person]:
    """Rose is GIR 1 by our grid, Jeanne GIR 4 by another software, Marthe nobody assessed."""
    jeanne = welcome(town, "Jeanne Petit", town.ehpad, town.unit_a)
    marthe = welcome(town, "Marthe Colin", town.ehpad, town.unit_a)
    assess(town, rose, "c")
    receive(town, jeanne, 4)
    return [rose, jeanne, marthe]


def test_who_is_not_assessed_is_told_apart(town: Town, three: list[Person]) -> None:
    shown = gmp_of(town, town.unit_a)
    assert (shown.gmp, shown.assessed, shown.unassessed) == (Decimal(710), 2, 1)
    assert {share.gir: share.people for share in shown.shares if share.people} == {1: 1, 4: 1}
    assert shown.total == 1420
    elsewhere = gmp_of(town, town.unit_b)
    assert (elsewhere.gmp, elsewhere.unassessed) == (None, 1)


def test_the_latest_result_counts_and_nothing_said_in_error(
    town: Town, three: list[Person]
) -> None:
    rose, jeanne, marthe = three
    receive(town, rose, 3, happened_at=drafts.moments_ago(0.5))
    receive(town, jeanne, 5, happened_at=drafts.moments_ago(48))
    receive(town, marthe, 6, status=EvaluationStatus.ENTERED_IN_ERROR)
    assert gmp_of(town, town.unit_a).gmp == Decimal(540)
    freeze_evaluations(
        actor_of(town.alice),
        drafts=[drafts.evaluation(rose, happened_at=drafts.moments_ago(0.1))],
    )
    assert gmp_of(town, town.unit_a).gmp == Decimal(540), "a pain scale carries no GIR"


def test_a_code_of_another_list_is_no_gir(town: Town, three: list[Person]) -> None:
    code = replace(nomenclature.get("gir").coded("MED-339"), system="urn:oid:1.2.3")
    answers = [Answer(link_id="autre", value=code, value_kind="Coding")]
    receive(town, three[2], 1, answers=answers)
    assert gmp_of(town, town.unit_a).unassessed == 1


def test_a_grid_past_its_time_counts_and_is_marked(
    client: Client, town: Town, three: list[Person]
) -> None:
    for days, old in ((365, 0), (366, 1)):
        receive(town, three[2], 6, happened_at=drafts.moments_ago(24 * days))
        shown = gmp_of(town, town.unit_a)
        assert (shown.assessed, shown.old) == (3, old)
        Evaluation.objects.filter(gir=6).delete()
    receive(town, three[2], 6, happened_at=drafts.moments_ago(24 * 800))
    sign_in(client, town.diane)
    for name in ("record:unit_gmp", "record:unit_gmp_list"):
        page = text_of(client.get(reverse(name, args=[town.unit_a.pk])))
        assert page.count("À revoir") == 1


def test_only_those_present_count(town: Town, three: list[Person]) -> None:
    Stay.objects.filter(person=three[0]).update(exited_on="2026-01-02", status="finished")
    shown = gmp_of(town, town.unit_a)
    assert (shown.gmp, shown.assessed, shown.unassessed) == (Decimal(420), 1, 1)


def test_who_is_closed_to_the_reader_is_not_counted(town: Town, three: list[Person]) -> None:
    closed = {"professional_id": town.diane.professional_id, "reason": "Opposition."}
    Restriction.objects.create(subject=three[0].subject, **closed)
    assert gmp_of(town, town.unit_a).gmp == Decimal(420)
    assert gmp_of(town, town.unit_a, "alice").gmp == Decimal(710)


def test_the_direction_reads_no_result_in_the_list(
    client: Client, town: Town, three: list[Person]
) -> None:
    where = reverse("record:unit_gmp_list", args=[town.unit_a.pk])
    sign_in(client, town.diane)
    page = text_of(client.get(where))
    assert "Lambert" in page and "Sans GIR" in page
    assert "GIR 1" not in page and "GIR 4" not in page
    assert JournalEvent.objects.latest("id").action == "unit.gmp_list"
    sign_in(client, town.alice)
    page = text_of(client.get(where))
    assert "GIR 1" in page and "GIR 4" in page


def test_who_does_not_count_the_volet_is_refused(town: Town, three: list[Person]) -> None:
    office = actor_of(town.command_line)
    therapist = hire(office, "Thaïs Morel", "therapist", town.ehpad, units=[town.unit_a])
    for member, condition in (
        (town.nina, "matrix"),
        (town.sofia, "matrix"),
        (therapist, "matrix"),
        (town.basile, "care_team"),
        (town.charlie, "hidden"),
    ):
        with pytest.raises(Refused) as refused:
            unit_dependency(actor_of(member), town.unit_a.pk)
        assert refused.value.condition == condition


def test_it_costs_the_same_for_one_and_for_twenty(
    client: Client, town: Town, rose: Person, queries: BoundedQueries
) -> None:
    sign_in(client, town.diane)
    costs = []
    for names in ("", "BCDFGHJKLMNPQRSTVWXZ"):
        for name in names:
            receive(town, welcome(town, f"Anne {name}aron", town.ehpad, town.unit_a), 2)
        for name in ("record:unit_gmp", "record:unit_gmp_list"):
            with queries(at_most=12) as seen:
                client.get(reverse(name, args=[town.unit_a.pk]))
            costs.append(len(seen))
    assert costs[:2] == costs[2:]


def test_the_way_in_is_shown_where_it_opens(client: Client, town: Town) -> None:
    where = reverse("directory:establishment", args=[town.ehpad.pk])
    for member, links in ((town.diane, 2), (town.alice, 1), (town.sofia, 0), (town.bob, 0)):
        sign_in(client, member)
        assert text_of(client.get(where)).count("GMP de l’unité") == links
    sign_in(client, town.gaspard)
    ime = reverse("directory:establishment", args=[town.ime.pk])
    assert "GMP" not in text_of(client.get(ime))
