"""What is asked of others on a sheet, taken back, or handed over."""

from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from virage.directory.models import Professional
from virage.foundation.access.actor import Actor
from virage.foundation.errors import Invalid
from virage.foundation.journal.writing import record_writes
from virage.instruments.actions.sheets import locked, record_on
from virage.instruments.models import SheetRequest
from virage.instruments.queries import may_colleague_answer, professions_answering, requests_on
from virage.instruments.rules.sections import asked_sections, is_answered


@transaction.atomic
def ask_on_sheet(
    actor: Actor,
    *,
    sheet_id: UUID,
    section: str = "",
    profession: str = "",
    membership_id: UUID | None = None,
) -> SheetRequest:
    """Ask a part of a sheet, or all of it, of a profession or of a colleague's situation.

    Asked twice of the same, it is one. Refused as `refusal_to_answer` says; Invalid for who may not
    answer it himself, or for what is not asked or is answered already.
    """
    opened = locked(actor, sheet_id)
    parts = {one.id for one in asked_sections(opened.instrument, opened.answers)}
    if section and section not in parts:
        raise Invalid({"part": ["Cette partie n’est pas à remplir pour l’instant."]})
    if is_answered(opened.instrument, opened.answers, section):
        raise Invalid({"part": ["Cette partie a déjà ses réponses."]})
    colleague = membership_id and may_colleague_answer(actor, membership_id, opened.sheet)
    if not (colleague or profession in professions_answering(actor, opened)):
        raise Invalid({"of": ["Cette personne ou cette profession ne peut pas répondre ici."]})
    whom = (
        {"profession": "", "professional_id": colleague}
        if colleague
        else {"profession": profession}
    )
    request, is_new = opened.sheet.requests.get_or_create(
        **{"section": section, "ended_at": None, **whom},
        defaults={
            "operator_id": opened.sheet.operator_id,
            "asked_by_name": actor.display_name,
            "asked_at": actor.at,
        },
    )
    if is_new:
        record_on(actor, "sheet.ask", opened.sheet, {"section": section})
    return request


@transaction.atomic
def stop_asking(actor: Actor, *, sheet_id: UUID, request_id: UUID) -> None:
    """Take back what was asked on a sheet; nothing when it is answered already.

    Refused as `refusal_to_answer` says.
    """
    sheet = locked(actor, sheet_id).sheet
    if requests_on(sheet).filter(pk=request_id).update(ended_at=actor.at):
        record_on(actor, "sheet.stop_asking", sheet, {})


def hand_requests_over(
    actor: Actor, requests: QuerySet[SheetRequest], heir: Professional, _last_day: date
) -> None:
    """Ask a colleague, at once, what was asked of someone who leaves.

    The right to decide of it is judged by `directory.leave`.
    """
    for request in requests.select_related("sheet").order_by("id"):
        sheet = request.sheet
        same = sheet.requests.filter(professional=heir, section=request.section, ended_at=None)
        if same.exists():
            request.ended_at = actor.at
        else:
            request.professional = heir
        request.save(update_fields=["professional", "ended_at"])
        record_writes(actor, "sheet.hand_over", {sheet.subject_id: {sheet.volet}}, target=sheet)
