"""The matrix of an operator: drafted, put in force, and taken back to an earlier version."""

from django.db import transaction

from virage.directory.models import Membership, Operator
from virage.directory.queries.matrix import draft_of, require_rights, versions_of
from virage.directory.rules.matrix import (
    REASON_CHARACTERS,
    Table,
    differences,
    editable_professions,
    faults_of,
    table_of,
)
from virage.foundation.access.actor import Actor
from virage.foundation.access.models import MatrixVersion
from virage.foundation.errors import Conflict, Invalid
from virage.foundation.journal.writing import record


@transaction.atomic
def draft_matrix(
    actor: Actor, *, cells: Table, expected_version: int, copied_from: int | None = None
) -> MatrixVersion:
    """Write the draft, in the place of the one that was read; its version is 0 when there was none.

    Refused to whoever may not decide of it; Conflict when the draft is no longer that one;
    Invalid, by field, where it breaks a guard rail (`rules.matrix.faults_of`).
    """
    require_rights(actor)
    _alone(actor)
    if cells.keys() != editable_professions().keys():
        raise Invalid({"": ["Le tableau porte sur chaque profession, et sur aucune autre."]})
    in_force = _table_in_force(actor)
    Invalid.raise_if(faults_of(_professions(actor), in_force, cells))
    draft = draft_of(actor)
    if (draft.version if draft else 0) != expected_version:
        raise _another(draft, in_force, cells)
    draft = draft or MatrixVersion(operator_id=actor.operator_id)
    draft.cells, draft.copied_from = cells, copied_from
    draft.drafted_at, draft.drafted_by = actor.at, actor.display_name
    draft.save()
    record(actor, "matrix.draft", target=draft)
    return draft


@transaction.atomic
def drop_matrix_draft(actor: Actor, *, expected_version: int) -> None:
    """Give up the draft that was read; its version is 0 when there was none.

    Refused to whoever may not decide of it; Conflict when the draft is no longer that one.
    """
    require_rights(actor)
    _alone(actor)
    draft = draft_of(actor)
    if (draft.version if draft else 0) != expected_version:
        in_force = _table_in_force(actor)
        raise _another(draft, in_force, in_force)
    if draft:
        record(actor, "matrix.drop", target=draft)
        draft.delete()


@transaction.atomic
def activate_matrix(actor: Actor, *, expected_version: int, reason: str) -> MatrixVersion:
    """Put the draft in force: every page judges by it from the next request on.

    `expected_version` is that of the draft that was read. Refused save to the direction of the
    operator; Invalid if the draft is no longer that one, if nothing differs, if a guard rail is
    broken, or without a reason.
    """
    require_rights(actor)
    _alone(actor)
    draft, latest = draft_of(actor), versions_of(actor).first()
    if draft is None or draft.version != expected_version:
        raise Invalid({"": ["Le projet n’est plus celui que vous avez lu\u00a0: relisez-le."]})
    if len(reason.strip()) < REASON_CHARACTERS:
        raise Invalid({"reason": [f"Dites pourquoi, en {REASON_CHARACTERS} caractères au moins."]})
    before = _table_in_force(actor)
    changes = differences(before, draft.cells)
    if not changes:
        raise Invalid({"": ["Le projet ne change rien aux droits en vigueur."]})
    Invalid.raise_if(faults_of(_professions(actor), before, draft.cells))
    draft.number = latest.number + 1 if latest and latest.number else 1
    draft.reason = reason.strip()
    draft.activated_at, draft.activated_by = actor.at, actor.display_name
    draft.save()
    told = [f"{one.profession}/{one.column}: {one.before} > {one.after}" for one in changes]
    record(actor, "matrix.activate", target=draft, detail={"number": draft.number, "cells": told})
    return draft


def _table_in_force(actor: Actor) -> Table:
    version = versions_of(actor).first()
    return table_of(version.cells if version else {})


def _professions(actor: Actor) -> set[str]:
    """Return the professions of all the situations of whoever decides, in force or to come."""
    own = Membership.objects.not_ended(actor.at).filter(professional=actor.professional_id)
    return {actor.profession, *own.values_list("profession", flat=True)}


def _alone(actor: Actor) -> None:
    """Let one person at a time decide of the matrix of an operator."""
    Operator.objects.select_for_update(no_key=True).get(pk=actor.operator_id)


def _another(draft: MatrixVersion | None, in_force: Table, cells: Table) -> Conflict:
    """Say what became meanwhile of the draft that was read, with the cells that differ."""
    if draft is None:
        told = "Quelqu’un a abandonné le projet, ou l’a mis en vigueur, pendant que vous le lisiez."
    else:
        told = f"{draft.drafted_by} a enregistré un autre projet depuis celui que vous avez lu."
    changes = differences(table_of(draft.cells) if draft else in_force, cells)
    where = [f"{one.profession_label}, {one.column_label}\u00a0: " for one in changes]
    return Conflict(
        told,
        mine="\n".join(at + one.after for at, one in zip(where, changes, strict=True)),
        theirs="\n".join(at + one.before for at, one in zip(where, changes, strict=True)),
    )
