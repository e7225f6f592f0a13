"""Filling sheets in, together: begun, answered, finished, taken in, given up."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Volet
from virage.foundation.access.predicates import items_visible_to
from virage.foundation.access.writing import require_entries, signature
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.writing import record, record_writes
from virage.foundation.workflow.actions import move, start
from virage.instruments.actions.evaluations import freeze_evaluations
from virage.instruments.enums import EvaluationStatus, SheetState
from virage.instruments.models import Evaluation, Sheet, SheetAnswer, SheetRequest
from virage.instruments.queries import (
    OpenSheet,
    answering_refusal,
    lock_sheet,
    measures_of,
    refusal_to_answer,
    requests_on,
    sheets_of,
)
from virage.instruments.rules import sheet as rules
from virage.instruments.rules.answers import EvaluationDraft
from virage.instruments.rules.fhir.words import tree_of
from virage.instruments.rules.given import Given
from virage.instruments.rules.items import COMMENT
from virage.instruments.rules.known import Measure, doubts, proposed_anew, takes_measures
from virage.instruments.rules.results import again_after_days, frozen
from virage.instruments.rules.sections import is_answered
from virage.instruments.rules.sheet import SheetDraft, given_to_json, merged, told


@dataclass(frozen=True)
class Typed:
    """What someone typed on a sheet that he saw once answer `seen` was written; None takes back.

    `happened_at` is when the subject was assessed, if he says so.
    """

    seen: int
    answers: Mapping[str, Given | None]
    happened_at: datetime | None = None


@transaction.atomic
def begin_sheet(actor: Actor, *, draft: SheetDraft) -> Sheet:
    """Begin to answer an instrument about a subject; one in progress already is gone on with.

    There is one in progress at a time in each establishment. Refused unless the actor writes in its
    volet, in a profession that answers it, and while one that he does not read is in progress.
    Invalid for a day to come.
    """
    instrument, draft = draft.instrument, replace(draft, profession=actor.profession)
    entries = require_entries(actor, [draft], lambda one: [one.subject_id], rules.faults_of)
    if refused := answering_refusal(actor, instrument):
        raise refused
    signed = signature(actor, draft.happened_at, None, draft.establishment_id)
    # Of two who begin it at once, the second is given the sheet of the first.
    sheet, is_new = Sheet.objects.get_or_create(
        subject_id=draft.subject_id,
        instrument=instrument.id,
        volet=draft.volet,
        establishment_id=signed.pop("establishment_id"),
        state=SheetState.OPEN,
        defaults=signed
        | {"instrument_version": instrument.version, "suggestions": dict(draft.suggestions)},
    )
    if not is_new:
        if Sheet.objects.filter(items_visible_to(actor), pk=sheet.pk).exists():
            return sheet
        raise Refused(
            "in_progress",
            "Un collègue a déjà cette évaluation en cours, et vos droits ne vous donnent pas à la "
            "lire\u00a0: elle est à terminer, ou à abandonner, avant d’en commencer une autre.",
            whom_to_ask="l’équipe qui accompagne cette personne",
        )
    start(actor, item=sheet)
    record_writes(actor, "sheet.begin", entries, target=sheet)
    return sheet


@transaction.atomic
def answer_sheet(actor: Actor, *, sheet_id: UUID, typed: Typed) -> tuple[OpenSheet, list[str]]:
    """Write the answers that someone changed; return the sheet, and the items where he clashes.

    Those were answered otherwise by a colleague since he saw them: nothing is written there. The
    former answers stay, each with its author; the journal keeps a former date. Refused as
    `refusal_to_answer` says; Invalid for a day to come.
    """
    opened = locked(actor, sheet_id)
    changed = merged(opened.answers_at(typed.seen), typed.answers, opened.answers)
    sheet = opened.sheet
    happened_at = typed.happened_at or sheet.happened_at
    Invalid.raise_if(rules.day_faults(happened_at, actor.at))
    if changed.changes or happened_at != sheet.happened_at:
        detail: dict[str, Any] = {"items": sorted(changed.changes)}
        if happened_at != sheet.happened_at:
            detail["happened_at"] = [sheet.happened_at.isoformat(), happened_at.isoformat()]
        sheet.answer_number, sheet.happened_at = sheet.answer_number + 1, happened_at
        sheet.save(update_fields=["answer_number", "happened_at"])
        written = [
            SheetAnswer(
                operator_id=sheet.operator_id,
                sheet=sheet,
                number=sheet.answer_number,
                item=item,
                value=None if given is None else given_to_json(given),
                author_id=actor.professional_id,
                author_name=actor.display_name,
                author_profession=actor.profession,
                recorded_at=actor.at,
            )
            for item, given in changed.changes.items()
        ]
        SheetAnswer.objects.bulk_create(written)
        record_on(actor, "sheet.answer", sheet, detail)
        opened = OpenSheet(sheet, opened.instrument, [*opened.rows, *written])
        _propose_anew(actor, opened)
    return replace(opened, requests=_still_asked(actor, opened)), list(changed.clashing)


@transaction.atomic
def finish_sheet(
    actor: Actor, *, sheet_id: UUID, accepts_missing: bool = False, confirms_doubts: bool = False
) -> Evaluation:
    """Freeze what was answered, with its scores, under the version of the instrument.

    Invalid when required answers lack, unless that is accepted: their scores are incomplete then;
    and for numbers out of what is usual, unless they are confirmed, which the journal keeps.
    Refused as `refusal_to_answer` says.
    """
    opened = locked(actor, sheet_id)
    sheet = opened.sheet
    unusual = doubts(
        opened.instrument,
        opened.answers,
        _measures(actor, opened) if opened.instrument.plausible else [],
        timezone.localdate(sheet.happened_at),
    )
    faults = {} if accepts_missing else _missing_faults(opened)
    if unusual and not confirms_doubts:
        faults["confirms_doubts"] = [*unusual.values()]
    Invalid.raise_if(faults)
    if unusual:
        record_on(actor, "sheet.confirm", sheet, {"items": sorted(unusual)})
    return _finish(actor, opened)


def _finish(actor: Actor, opened: OpenSheet) -> Evaluation:
    sheet = opened.sheet
    (evaluation,) = freeze_evaluations(actor, drafts=[_draft(actor, opened)])
    move(
        actor,
        item=sheet,
        verb="finish",
        changes={"evaluation_id": evaluation.pk},
        volet=Volet(sheet.volet),
        subject_ids=[sheet.subject_id],
    )
    return evaluation


@transaction.atomic
def take_in_sheet(actor: Actor, *, draft: SheetDraft, answers: Mapping[str, Given]) -> Evaluation:
    """Take in answers received, all at once: a sheet begun, answered and finished by the actor.

    Refused as `begin_sheet`; Invalid when required answers lack, for a day to come, and while a
    sheet of this instrument is in progress in the establishment. Numbers out of what is usual are
    taken as they were received.
    """
    begun = sheets_of(actor, draft.subject_id).filter(
        instrument=draft.instrument.id,
        volet=draft.instrument.volet_of(actor.profession),
        establishment=actor.establishment_id or draft.establishment_id,
        state=SheetState.OPEN,
    )
    if begun.exists():
        message = "Une saisie de cette évaluation est en cours : terminez-la, ou abandonnez-la."
        raise Invalid({"content": [message]})
    sheet = begin_sheet(actor, draft=draft)
    answer_sheet(actor, sheet_id=sheet.pk, typed=Typed(0, answers))
    record_on(actor, "sheet.take_in", sheet, {})
    opened = locked(actor, sheet.pk)
    Invalid.raise_if(_missing_faults(opened))
    return _finish(actor, opened)


@transaction.atomic
def leave_sheet(actor: Actor, *, sheet_id: UUID, reason: str) -> Sheet:
    """Give up a sheet, with a reason; what was answered on it stays in its history.

    Refused as `refusal_to_answer` says, Invalid without a reason.
    """
    sheet = locked(actor, sheet_id).sheet
    return move(
        actor,
        item=sheet,
        verb="leave",
        reason=reason,
        volet=Volet(sheet.volet),
        subject_ids=[sheet.subject_id],
    )


def locked(actor: Actor, sheet_id: UUID) -> OpenSheet:
    """Return a sheet that the actor may answer, locked until the transaction ends."""
    opened = lock_sheet(actor, sheet_id)
    if refused := refusal_to_answer(actor, opened):
        raise refused
    return opened


def record_on(actor: Actor, action: str, sheet: Sheet, detail: dict[str, Any]) -> None:
    """Journal what is done on a sheet."""
    record(
        actor,
        action,
        target=sheet,
        subject_ids=[sheet.subject_id],
        volet=sheet.volet,
        detail=detail,
    )


def _draft(actor: Actor, opened: OpenSheet) -> EvaluationDraft:
    sheet, instrument = opened.sheet, opened.instrument
    made_on = timezone.localdate(sheet.happened_at)
    scores = frozen(instrument, opened.answers)
    # What lacks an answer gave no result: it is to be made again at once.
    again = 0 if opened.missing else again_after_days(instrument, scores)
    return EvaluationDraft(
        subject_id=sheet.subject_id,
        volet=Volet(sheet.volet),
        title=instrument.title,
        happened_at=sheet.happened_at,
        answers=tree_of(instrument, opened.answers),
        status=EvaluationStatus.COMPLETED,
        authored_at=sheet.happened_at,
        source_id=actor.professional_id,
        comment=told(COMMENT, opened.answers.get(COMMENT.id)),
        instrument=instrument.id,
        instrument_version=instrument.version,
        scores=scores,
        due_on=None if again is None else made_on + timedelta(days=again),
        sheet_id=sheet.pk,
        establishment_id=sheet.establishment_id,
    )


def _propose_anew(actor: Actor, opened: OpenSheet) -> None:
    """Propose the measures known on the day of the evaluation, with what is answered now."""
    sheet, instrument = opened.sheet, opened.instrument
    if takes_measures(instrument):
        day, known = timezone.localdate(sheet.happened_at), _measures(actor, opened)
        sheet.suggestions = proposed_anew(sheet.suggestions, instrument, opened.answers, known, day)
        sheet.save(update_fields=["suggestions"])


def _measures(actor: Actor, opened: OpenSheet) -> list[Measure]:
    sheet = opened.sheet
    return measures_of(actor, sheet.subject_id, opened.instrument, sheet.volet)


def _missing_faults(opened: OpenSheet) -> dict[str, list[str]]:
    labels = ", ".join(f"«\u00a0{item.label}\u00a0»" for item in opened.missing)
    return {"accepts_missing": [f"Il manque\u00a0: {labels}."]} if labels else {}


def _still_asked(actor: Actor, opened: OpenSheet) -> list[SheetRequest]:
    """End what was asked of others and is answered now; return what is not."""
    still: list[SheetRequest] = []
    ended: list[SheetRequest] = []
    for one in requests_on(opened.sheet).select_related("professional"):
        is_ended = is_answered(opened.instrument, opened.answers, one.section)
        (ended if is_ended else still).append(one)
    if ended:
        pks = [one.pk for one in ended]
        SheetRequest.objects.filter(pk__in=pks).update(ended_at=actor.at)
    return still
