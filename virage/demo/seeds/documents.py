"""The papers of a record, as small PDF files."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from uuid import UUID

from virage.demo import texts
from virage.demo.draw import Draw
from virage.demo.house import House, Seat, Usager, coded, instant
from virage.demo.pdf import one_page
from virage.documents import actions
from virage.documents.enums import Confidentiality
from virage.documents.rules import DocumentDraft
from virage.foundation.access.enums import Volet
from virage.persons.models import Person, Stay

HOUR = time(14, 40)
# Papers are filed on one working day out of four.
EVERY = 4
SIGNED_DAYS_AFTER_ENTRY = 8


def seed_documents(house: House, usagers: Sequence[Usager]) -> None:
    """File what each record holds, day after day and author after author."""
    draw = Draw("documents")
    days = [day for day in house.days if day.weekday() < 5][::EVERY]
    filed: dict[tuple[datetime, UUID], tuple[Seat, list[DocumentDraft]]] = {}
    for usager in usagers:
        there = [day for day in days if usager.is_there_on(day)]
        for plan in texts.documents():
            if not there or usager.key not in plan.establishments or not draw.happens(plan.percent):
                continue
            at = instant(draw.choice(there), HOUR)
            seat = house.on_duty(plan.profession, usager, at)
            if seat is None:
                raise ValueError(f"nobody works as {plan.profession} in {usager.unit}")
            _, drafts = filed.setdefault((at, seat.membership.pk), (seat, []))
            said = [usager.told(paragraph, draw) for paragraph in plan.paragraphs]
            drafts.append(draft_of(plan, usager.person, usager.stay, said, at))
    for (at, _), (seat, drafts) in filed.items():
        actions.add_documents(seat.acting(at), drafts=drafts)


def draft_of(
    plan: texts.DocumentPlan, person: Person, stay: Stay, paragraphs: Sequence[str], at: datetime
) -> DocumentDraft:
    """Return a paper of this person; what is signed on entry keeps that date."""
    happened_at = at
    if plan.is_signed_at_entry and stay.entered_on:
        signed_on = stay.entered_on + timedelta(days=SIGNED_DAYS_AFTER_ENTRY)
        happened_at = min(at, instant(signed_on, HOUR))
    foot = f"{stay.establishment} - dossier {stay.file_number}"
    return DocumentDraft(
        subject_id=person.subject_id,
        volet=Volet(plan.volet),
        title=plan.title,
        content=one_page(plan.title, [f"Concerne : {person}", *paragraphs], foot),
        content_type="application/pdf",
        happened_at=happened_at,
        type=coded("document_type", plan.type),
        category=coded("document_class", plan.category),
        confidentiality=Confidentiality(plan.confidentiality),
    )
