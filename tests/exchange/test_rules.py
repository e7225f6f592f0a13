"""Whose record a file is, and where each thing received is shelved."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.exchange.samples import person, record, stay
from virage.exchange.rules import matching, shelving
from virage.exchange.rules.arrival import faults_on_arrival
from virage.exchange.rules.matching import Candidate, Outcome
from virage.formats.tddui import record as transit
from virage.foundation.access.enums import Volet
from virage.foundation.coded import Coded
from virage.foundation.ids import new_id
from virage.persons.rules import PersonTraits

RECEIVED = PersonTraits(
    birth_family_name="DUPONT",
    first_birth_given_name="Jean",
    birth_on=date(1947, 4, 3),
    sex="male",
)


@pytest.mark.parametrize(
    ("facts", "traits", "outcome"),
    [
        ({"same_qualified_ins": True}, RECEIVED, Outcome.SAME),
        ({"same_local_identifier": True}, RECEIVED, Outcome.SAME),
        (
            {"same_local_identifier": True},
            replace(RECEIVED, first_birth_given_name="JEAN"),
            Outcome.SAME,
        ),
        ({"same_local_identifier": True}, replace(RECEIVED, sex="unknown"), Outcome.SAME),
        ({"same_local_identifier": True}, replace(RECEIVED, sex=""), Outcome.SAME),
        (
            {"same_local_identifier": True},
            replace(RECEIVED, birth_place_code="99352"),
            Outcome.SAME,
        ),
        ({"same_ins": True}, RECEIVED, Outcome.DOUBTFUL),
        ({}, RECEIVED, Outcome.DOUBTFUL),
        (
            {"same_local_identifier": True},
            replace(RECEIVED, birth_on=date(1947, 3, 4)),
            Outcome.DOUBTFUL,
        ),
        (
            {"same_qualified_ins": True},
            replace(RECEIVED, birth_family_name="DURAND"),
            Outcome.DOUBTFUL,
        ),
        ({"same_local_identifier": True, "other_ins": True}, RECEIVED, Outcome.DOUBTFUL),
        ({"same_local_identifier": True}, replace(RECEIVED, birth_on=None), Outcome.DOUBTFUL),
        ({"same_local_identifier": True}, replace(RECEIVED, sex="female"), Outcome.DOUBTFUL),
    ],
)
def test_one_candidate(facts: dict[str, bool], traits: PersonTraits, outcome: Outcome) -> None:
    candidate = Candidate(person_id=new_id(), traits=traits, **facts)
    assert matching.match(RECEIVED, [candidate]).outcome is outcome


@pytest.mark.parametrize(
    ("facts", "traits", "said"),
    [
        ({"same_local_identifier": True, "other_ins": True}, RECEIVED, "L’INS reçue n’est pas"),
        ({"same_ins": True}, RECEIVED, "personne ne l’a vérifiée ici"),
        ({"same_ins": True}, replace(RECEIVED, sex="female"), "un trait diffère ou manque"),
        ({}, RECEIVED, "aucun numéro n’est le même"),
    ],
)
def test_why_a_human_must_decide(facts: dict[str, bool], traits: PersonTraits, said: str) -> None:
    candidate = Candidate(person_id=new_id(), traits=traits, **facts)
    assert said in matching.match(RECEIVED, [candidate]).reason


def test_an_ins_that_does_not_count_is_said() -> None:
    alike = [Candidate(person_id=new_id(), traits=RECEIVED)]
    assert "ne compte pas" in matching.match(RECEIVED, alike, is_ins_unusable=True).reason
    wrong = transit.BusinessIdentifier(
        value="238059935201701", system="urn:oid:1.2.250.1.213.1.4.10"
    )
    assert matching.has_unusable_ins(person(identifiers=[wrong]))
    assert not matching.has_unusable_ins(person(identifiers=[]))


def test_nobody_alike_is_new() -> None:
    assert matching.match(RECEIVED, []).outcome is Outcome.NEW


def test_two_proofs_are_a_doubt() -> None:
    twice = [
        Candidate(person_id=new_id(), traits=RECEIVED, same_local_identifier=True) for _ in range(2)
    ]
    found = matching.match(RECEIVED, twice)
    assert found.outcome is Outcome.DOUBTFUL
    assert len(found.person_ids) == 2


def test_a_proof_wins_over_a_resemblance() -> None:
    proven = Candidate(person_id=new_id(), traits=RECEIVED, same_local_identifier=True)
    homonym = Candidate(person_id=new_id(), traits=RECEIVED)
    assert matching.match(RECEIVED, [homonym, proven]).person_ids == (proven.person_id,)


def test_a_proof_is_a_doubt_beside_someone_else_who_bears_the_ins() -> None:
    proven = Candidate(person_id=new_id(), traits=RECEIVED, same_local_identifier=True)
    bearer = Candidate(person_id=new_id(), traits=RECEIVED, same_ins=True)
    assert matching.match(RECEIVED, [proven, bearer]).outcome is Outcome.DOUBTFUL


def test_several_official_ins_match_nobody_and_make_a_doubt() -> None:
    one = transit.BusinessIdentifier(
        value="238059935201797", system="urn:oid:1.2.250.1.213.1.4.10", use="official"
    )
    other = replace(one, value="238059935201896")
    assert matching.usable_ins(person(identifiers=[one, replace(other, use="old")]))
    twice = person(identifiers=[one, other])
    assert matching.usable_ins(twice) == []
    assert not matching.traits_are_sure(twice)


@pytest.mark.parametrize(
    ("number", "finess"),
    [("1480787529", "480787529"), ("480787529", "480787529"), ("348078752900012", ""), ("", "")],
)
def test_finess_inside_a_structure_number(number: str, finess: str) -> None:
    assert matching.finess_of(number) == finess


def test_where_things_are_shelved() -> None:
    serafin = Coded(system=shelving.SERAFIN, code="2.3.4.1")
    nursing = Coded(system=shelving.SERAFIN, code="2.1.1.2")
    assert shelving.volet_of_event(transit.Event(key="e", types=[serafin])) == Volet.SOCIO_EDUCATIVE
    assert shelving.volet_of_event(transit.Event(key="e", types=[serafin, nursing])) == Volet.CARE
    assert shelving.volet_of_event(transit.Event(key="e", volet="project")) == Volet.PROJECT
    grid = transit.Evaluation(key="v", questionnaire="https://x/tddui-questionnaire-serafin")
    assert shelving.volet_of_evaluation(grid) == Volet.PROJECT
    attached = transit.Document(key="d", event="e")
    assert shelving.volet_of_document(attached, {"e": Volet.CARE}) == Volet.CARE
    assert shelving.volet_of_document(transit.Document(key="d"), {}) == Volet.MEDICAL
    plan = transit.Leftover(
        key="l", kind="fhir-resource", title="CarePlan", content="{}", profile="tddui-careplan"
    )
    assert shelving.volet_of_leftover(plan, {}) == Volet.PROJECT
    unknown = replace(plan, profile="something-else")
    assert shelving.volet_of_leftover(unknown, {}) == Volet.MEDICAL


def test_what_a_section_says_beside_its_entries_goes_with_them_when_they_agree() -> None:
    body = "/ClinicalDocument/component/structuredBody"
    section, other_section = f"{body}/component[2]/section", f"{body}/component[3]/section"
    text = transit.Leftover(
        key="l", kind="cda-element", title="Texte", content="…", path=f"{section}/text"
    )
    first, second = f"{section}/entry[1]", f"{section}/entry[2]"
    notes = [transit.Note(key=path, path=path, text="…", volet="care") for path in (first, second)]
    elsewhere = transit.Note(key="n", path=f"{other_section}/entry", text="…", volet="project")
    one = transit.TransferRecord(person=transit.Person(key="p"), notes=[*notes, elsewhere])
    assert shelving.volet_of_leftover(text, shelving.shelves_of(one)) == Volet.CARE
    notes[1].volet = "project"
    assert shelving.volet_of_leftover(text, shelving.shelves_of(one)) == Volet.MEDICAL


def test_what_calls_for_a_warning_on_arrival() -> None:
    real = transit.BusinessIdentifier(value="1", system="urn:oid:1.2.250.1.213.1.4.8")
    test = transit.BusinessIdentifier(value="1", system="urn:oid:1.2.250.1.213.1.4.10")
    at = datetime(2026, 2, 5, 12, tzinfo=UTC)
    strange = record(
        person=person(identifiers=[real, test], claimed_status="ZZZ"),
        stays=[stay(), replace(stay(), key="other", entered_on=date(2025, 1, 1))],
    )

    def codes(sample: transit.TransferRecord, *, is_demo: bool) -> list[str]:
        found = faults_on_arrival(sample, at=at, is_demo=is_demo, known_statuses={"PROV"}, needs={})
        return [finding.code for finding in found]

    expected = ["identity_status_unknown", "date_in_future", "stays_overlap"]
    assert codes(strange, is_demo=True) == ["production_oid", *expected]
    assert codes(strange, is_demo=False) == ["test_oid", *expected]
    former = replace(stay(), key="former", entered_on=date(2023, 1, 1), exited_on=date(2024, 2, 1))
    elsewhere = replace(stay(), key="elsewhere", structure="1990000200")
    assert codes(record(notes=[], stays=[former, stay(), elsewhere]), is_demo=True) == []
    for birth_on, expected in (
        (date(2026, 2, 4), []),
        (date(2026, 2, 5), ["date_before_birth"]),
    ):
        born_late = record(notes=[], events=[], person=person(birth_on=birth_on))
        assert codes(born_late, is_demo=True) == expected, "an evaluation of 4 February"
