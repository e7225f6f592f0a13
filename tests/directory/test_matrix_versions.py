"""The matrix of an operator: drafted, compared, put in force by who may, within guard rails."""

import copy
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any

import pytest
import yaml
from django.test import Client
from django.urls import reverse
from hypothesis import example, given
from hypothesis import strategies as st

from tests.access import matrix_file
from tests.access.world import note_by
from tests.factories.people import welcome
from tests.factories.town import SINCE, Town, actor_of, build_town, sign_in
from tests.house.source import PACKAGE
from tests.persons.test_at_once import both_at_once
from virage.directory.actions.matrix import activate_matrix, draft_matrix, drop_matrix_draft
from virage.directory.enums import Effect
from virage.directory.middleware import FACTOR
from virage.directory.models import Membership
from virage.directory.queries.matrix import draft_of, find_version, rights_refusal, versions_of
from virage.directory.queries.seeing import rights_seen, seeing_as
from virage.directory.queries.sign_in import OPTIONAL
from virage.directory.rules.matrix import (
    COLUMNS,
    Table,
    differences,
    editable_professions,
    effects_of,
    faults_of,
    levels_of,
    table_of,
)
from virage.exchange.queries.imports import may_export
from virage.foundation.access.enums import Cell, Reach, Verb, Volet
from virage.foundation.access.matrix import Matrix, shipped
from virage.foundation.access.models import MatrixVersion
from virage.foundation.access.verdict import rights_on
from virage.foundation.errors import Conflict, Invalid, Refused
from virage.foundation.journal.models import JournalEvent

CELLS = list(product(editable_professions(), COLUMNS))
ALL = st.sampled_from([*Cell.values, "read@24", "own@72", "published@8760"])
SAID = {volet.value: st.lists(ALL, max_size=4) for volet in Volet} | {
    "whole": st.lists(st.sampled_from([*Verb.values, "none"]), max_size=3)
}
STORED = st.dictionaries(
    st.sampled_from([*matrix_file.PROFESSIONS, "unknown"]), st.fixed_dictionaries({}, optional=SAID)
)
NOTES = "/usagers/{}/transmissions/"


def changed(profession: str, column: str, *cells: str, table: Table | None = None) -> Table:
    table = copy.deepcopy(table or table_of({}))
    table[profession][column] = list(cells)
    return table


def enforce(town: Town, table: Table) -> MatrixVersion:
    actor = actor_of(town.gaspard)
    draft = draft_matrix(actor, cells=table, expected_version=0)
    reason = "Décidé en conseil de direction."
    return activate_matrix(actor, expected_version=draft.version, reason=reason)


@cache
def ceilings() -> list[dict[str, Any]]:
    return yaml.safe_load((PACKAGE / "content/access/matrix.yaml").read_text())["ceilings"]


@given(stored=STORED)
@example(stored={"secretary": {"medical": ["read"], "whole": ["export"]}})
@example(stored={"technical_admin": {"administrative": ["read"]}})
def test_no_cell_beyond_the_guard_rails_ever_opens(stored: dict[str, dict[str, list[str]]]) -> None:
    """Whatever a version holds, were it written into the database by hand."""
    rights = Matrix(stored)
    for one, volet in product(ceilings(), Volet):
        if volet in one["volets"]:
            for profession in one["professions"]:
                held = {grant.cell for grant in rights.grants(profession, volet)}
                assert held <= {*one["at_most"], "none"}, (profession, volet)
    for fixed, volet in product(("technical_admin", "system"), Volet):
        assert rights.grants(fixed, volet) == shipped().grants(fixed, volet)
    exporting = {one for one in matrix_file.PROFESSIONS if rights.allows_verb(one, Verb.EXPORT)}
    assert exporting <= {"physician", "director", "system"}
    assert rights.grants("unknown", Volet.MEDICAL) == ()


@given(where=st.lists(st.tuples(st.sampled_from(CELLS), st.integers(0, 30)), max_size=6))
def test_a_version_changes_what_the_difference_says_and_nothing_else(
    where: list[tuple[tuple[str, str], int]],
) -> None:
    """And all that is offered is within the guard rails."""
    after = table_of({})
    for (profession, column), rank in where:
        levels = levels_of(profession, column, after[profession][column])
        after[profession][column] = levels[rank % len(levels)][0].split("+")
    assert table_of(after) == after
    said = {(one.profession, one.column) for one in differences(table_of({}), after)}
    rights = Matrix(after)
    found = {
        (profession, volet.value)
        for profession, volet in product(matrix_file.PROFESSIONS, Volet)
        if set(rights.grants(profession, volet)) != set(shipped().grants(profession, volet))
    } | {
        (profession, "whole")
        for profession, verb in product(matrix_file.PROFESSIONS, Verb)
        if rights.allows_verb(profession, verb) != shipped().allows_verb(profession, verb)
    }
    assert said == found


@pytest.mark.parametrize(
    ("profession", "column", "cells", "told"),
    [
        ("secretary", "medical", ["read"], "L1110-12"),
        ("educator", "medical", ["read", "write"], "R1110-2"),
        ("nurse", "medical", ["read", "write", "validate", "prescribe"], "L4161-1"),
        ("nurse", "psychological", ["read"], "psychologue"),
        ("educator", "project", ["read", "validate"], "lève aussi les oppositions"),
        ("secretary", "whole", ["export"], "emporte tous les volets"),
        ("director", "money", ["read", "write"], "sa propre profession"),
        ("director", "administrative", ["none"], "La direction garde « lire »"),
        ("director", "project", ["read"], "La direction garde « valider »"),
        ("director", "whole", ["import"], "exporter, fusionner"),
        ("nurse", "care", ["identity"], "Ce choix n’existe pas"),
        ("nurse", "care", ["everything"], "Ce choix n’existe pas"),
        ("nurse", "medical", [], "Ce choix n’existe pas"),
    ],
)
def test_guard_rails_are_told_on_their_cell(
    profession: str, column: str, cells: list[str], told: str
) -> None:
    faults = faults_of({"director"}, table_of({}), changed(profession, column, *cells))
    assert list(faults) == [f"{profession}-{column}"]
    assert told in faults[f"{profession}-{column}"][0].replace("\u00a0", " ")


def test_a_volet_keeps_somebody_who_reads_it_and_somebody_who_writes_it() -> None:
    assert faults_of({"director"}, table_of({}), table_of({})) == {}
    faults = faults_of({"director"}, table_of({}), changed("psychologist", "psychological", "none"))
    assert len(faults[""]) == 2


def test_the_direction_takes_back_what_it_gave_up() -> None:
    narrowed = changed("director", "money", "none")
    assert faults_of({"director"}, narrowed, table_of({})) == {}


@pytest.mark.django_db
def test_a_version_judges_the_next_request_of_this_operator_alone(town: Town) -> None:
    assert actor_of(town.alice).matrix.allows("nurse", Cell.READ, Volet.MEDICAL)
    version = enforce(town, changed("nurse", "medical", "none"))
    assert not actor_of(town.alice).matrix.allows("nurse", Cell.READ, Volet.MEDICAL)
    assert actor_of(town.charlie).matrix is shipped()
    assert actor_of(town.alice).matrix is actor_of(town.aude).matrix
    event = JournalEvent.objects.get(action="matrix.activate")
    assert (event.target_id, event.professional_id) == (version.pk, town.gaspard.professional_id)
    assert event.detail == {"number": 1, "cells": ["nurse/medical: lire > rien"]}
    assert version.activated_by == "Gaspard Moulin"


@pytest.mark.django_db
def test_a_version_written_by_hand_opens_nothing_beyond(client: Client, town: Town) -> None:
    louise = welcome(town, "Louise Bernard", town.ehpad, town.unit_a)
    actor = actor_of(town.gaspard)
    MatrixVersion.objects.create(
        operator_id=town.operator.pk,
        number=1,
        cells={"secretary": {"medical": ["read"], "care": ["count"]}},
        reason="À la main",
        drafted_at=actor.at,
        activated_at=actor.at,
    )
    sign_in(client, town.sofia)
    assert client.get(f"/usagers/{louise.pk}/volets/medical/").status_code == 403
    assert table_of(versions_of(actor)[0].cells)["secretary"]["medical"] == ["none"]


@pytest.mark.django_db
def test_to_validate_a_volet_opens_what_is_restricted_in_it() -> None:
    after = changed("physician", "care", "read", "write", "validate")
    effects = effects_of(Matrix({}), Matrix(after))
    assert effects == {"physician": {"care": Effect.WIDENED}}


def test_nobody_widens_another_of_his_own_professions(town: Town) -> None:
    columns = {"operator": town.operator, "profession": "educator", "reach": Reach.UNITS}
    director = town.gaspard.professional
    Membership.objects.create(
        professional=director, establishment=town.ime, starts_on=SINCE, **columns
    )
    table = changed("educator", "care", "read")
    with pytest.raises(Invalid, match="sa propre|propre profession") as refused:
        draft_matrix(actor_of(town.gaspard), cells=table, expected_version=0)
    assert list(refused.value.errors) == ["educator-care"]


def test_one_goes_back_to_the_version_of_the_file(client: Client, town: Town) -> None:
    enforce(town, changed("nurse", "medical", "none"))
    sign_in(client, town.gaspard)
    assert client.post("/annuaire/droits/0/reprendre/").status_code == 302
    draft = draft_of(actor_of(town.gaspard))
    assert draft is not None
    assert draft.copied_from == 0
    typed = {"version": draft.version, "reason": "Retour à la version livrée."}
    assert client.post("/annuaire/droits/projet/", typed).status_code == 302
    actor = actor_of(town.alice)
    assert actor.matrix.allows("nurse", Cell.READ, Volet.MEDICAL)
    assert [one.number for one in versions_of(actor_of(town.gaspard))] == [2, 1]
    assert "Retour à la version" in client.get("/annuaire/droits/2/").content.decode()


@pytest.mark.django_db
def test_only_the_direction_of_the_operator_decides(town: Town) -> None:
    of_operator = actor_of(town.gaspard)
    assert rights_refusal(of_operator) is None
    for actor in (
        actor_of(town.diane),
        replace(of_operator, reach=Reach.ESTABLISHMENT),
        replace(of_operator, profession="secretary"),
        actor_of(town.tom),
        actor_of(town.command_line),
    ):
        with pytest.raises(Refused):
            draft_matrix(actor, cells=table_of({}), expected_version=0)
        with pytest.raises(Refused):
            draft_of(actor)


@pytest.mark.django_db
def test_fixed_rows_cannot_be_written(town: Town) -> None:
    table = changed("nurse", "medical", "none") | {"technical_admin": {"medical": ["read"]}}
    with pytest.raises(Invalid):
        draft_matrix(actor_of(town.gaspard), cells=table, expected_version=0)


@pytest.mark.django_db
def test_a_draft_changes_nothing_and_another_than_the_one_read_is_refused(town: Town) -> None:
    actor, later = actor_of(town.gaspard), actor_of(town.gaspard)
    draft = draft_matrix(actor, cells=changed("nurse", "medical", "none"), expected_version=0)
    assert actor_of(town.alice).matrix is shipped()
    with pytest.raises(Conflict) as told:
        draft_matrix(later, cells=changed("nurse", "care", "none"), expected_version=0)
    assert told.value.theirs.replace("\u00a0", " ") == (
        "Infirmière, infirmier, Médical : rien\nInfirmière, infirmier, Soins : lire, écrire"
    )
    with pytest.raises(Invalid):
        activate_matrix(actor, expected_version=1, reason="Décidé en conseil.")
    with pytest.raises(Invalid):
        activate_matrix(actor, expected_version=draft.version, reason="non")
    same = draft_matrix(later, cells=table_of({}), expected_version=draft.version)
    with pytest.raises(Invalid, match="ne change rien"):
        activate_matrix(actor, expected_version=same.version, reason="Décidé en conseil.")
    with pytest.raises(Conflict):
        drop_matrix_draft(actor, expected_version=draft.version)
    assert draft_of(actor) == same, "what a colleague wrote meanwhile stays"
    drop_matrix_draft(actor, expected_version=same.version)
    assert draft_of(actor) is None


@pytest.mark.django_db(transaction=True)
def test_one_of_two_activations_goes_through() -> None:
    actor = actor_of(build_town().gaspard)
    table = changed("nurse", "medical", "none")
    draft = draft_matrix(actor, cells=table, expected_version=0)
    activate = {"expected_version": draft.version, "reason": "Décidé en conseil."}
    assert both_at_once(lambda: activate_matrix(actor, **activate)) == [False, True]
    assert [one.number for one in versions_of(actor)] == [1]
    assert JournalEvent.objects.filter(action="matrix.activate").count() == 1


@pytest.mark.django_db
def test_nothing_of_another_operator_is_there(client: Client, town: Town) -> None:
    enforce(town, changed("nurse", "medical", "none"))
    draft = draft_matrix(
        actor_of(town.gaspard), cells=changed("nurse", "care", "none"), expected_version=0
    )
    charlie = town.charlie
    charlie.profession, charlie.reach, charlie.establishment = "director", Reach.OPERATOR, None
    charlie.save()
    other = actor_of(charlie)
    assert draft_of(other) is None
    assert not versions_of(other)
    with pytest.raises(Refused) as refused:
        find_version(other, 1)
    assert refused.value.is_hidden
    with pytest.raises(Invalid):
        activate_matrix(other, expected_version=draft.version, reason="Décidé en conseil.")
    sign_in(client, charlie)
    for path in ("/annuaire/droits/1/", "/annuaire/droits/99999999999999999999/"):
        assert client.get(path).status_code == 404
    assert client.post("/annuaire/droits/1/reprendre/").status_code == 404
    assert "Gaspard" not in client.get("/annuaire/droits/projet/").content.decode()


@pytest.mark.django_db
def test_pages_and_lists_follow_the_version_at_the_same_cost(
    client: Client, town: Town, queries: Any
) -> None:
    louise = welcome(town, "Louise Bernard", town.ehpad, town.unit_a)
    for volet in ("care", "socio_educative"):
        note_by(actor_of(town.aude), louise, volet, text=f"Note {volet}").save()
    sign_in(client, town.alice)

    def seen() -> tuple[str, list[int]]:
        costs = []
        for path in ("/usagers/", NOTES.format(louise.pk)):
            with queries(at_most=12) as counted:
                page = client.get(path)
            costs.append(len(counted))
        return page.content.decode(), costs

    before, costs = seen()
    assert "Note care" in before
    enforce(town, changed("nurse", "socio_educative", "none"))
    after, costs_after = seen()
    assert "Note care" in after
    assert "Note socio_educative" in before
    assert "Note socio_educative" not in after
    assert costs_after == costs
    enforce(town, changed("nurse", "administrative", "none"))
    assert client.get("/usagers/").status_code == 403
    assert client.get(NOTES.format(louise.pk)).status_code in (403, 404)


@pytest.mark.django_db
def test_why_looking_as_someone_and_exports_follow_the_version(town: Town) -> None:
    louise = welcome(town, "Louise Bernard", town.ehpad, town.unit_a)
    table = changed("physician", "care", "none")
    enforce(town, changed("physician", "whole", "none", table=table))
    denis, gaspard = actor_of(town.denis), actor_of(town.gaspard)
    care = rights_on(denis, louise.subject)[2]
    assert (care.volet, care.reads) == (Volet.CARE, False)
    assert all(refused for refused in care.refusals.values())
    told = {row.label: row.may for row in rights_seen(gaspard, town.denis.pk).rows}
    assert (told["Soins"], told["Dossiers entiers"]) == ("rien", "rien")
    looking = seeing_as(gaspard, town.denis.pk)
    assert not looking.matrix.allows(looking.profession, Cell.READ, Volet.CARE)
    assert not may_export(denis)
    assert may_export(gaspard)


@pytest.mark.django_db
def test_whoever_comes_to_read_health_owes_a_second_factor(client: Client, town: Town) -> None:
    """From the next page on, and the other way round."""
    sign_in(client, town.bob)
    session = client.session
    session[FACTOR] = OPTIONAL
    session.save()
    assert client.get("/").status_code == 200
    enforce(town, changed("educator", "care", "read"))
    assert client.get("/").headers["Location"] == reverse("directory:totp")
    enforce(town, table_of({}))
    assert client.get("/").status_code == 200
