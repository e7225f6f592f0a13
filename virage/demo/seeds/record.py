"""Thirty days of transmissions, as their writers enter them, with what they put right."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from virage.demo import texts
from virage.demo.draw import Draw
from virage.demo.house import House, Usager, shift_of
from virage.demo.tellings import Teller, Telling
from virage.record import actions
from virage.record.models import Note
from virage.record.rules import NoteDraft

PUBLISHED_PERCENT: Mapping[str, int] = {"psychological": 40, "medical": 30, "project": 50}
CORRECTED_PERCENT = 2
WRONG_RECORDS = 4
# A writer enters everything a little after the last fact, and reads it again later.
WRITING = timedelta(minutes=4)
READING_AGAIN = timedelta(minutes=35)


def seed_record(house: House, usagers: Sequence[Usager]) -> None:
    """Write the transmissions, correct some, and withdraw those written in a wrong record."""
    draw = Draw(f"record {house.operator.siren}")
    shifts: dict[object, list[Telling]] = {}
    for telling in Teller(house, usagers, draw).tellings():
        shift = (shift_of(telling.happened_at), telling.seat.membership.pk)
        shifts.setdefault(shift, []).append(telling)
    written = [each for told in shifts.values() for each in _write(told, draw)]
    for telling, note in written:
        if draw.happens(CORRECTED_PERCENT):
            _correct(telling, note, draw)
    naming = [
        (telling, note)
        for telling, note in written
        if telling.usager.person.shown_family_name in telling.text
    ]
    for telling, note in draw.sample(naming, min(WRONG_RECORDS, len(naming))):
        _write_in_wrong_record(telling, note, usagers, draw)


def _write(shift: Sequence[Telling], draw: Draw) -> list[tuple[Telling, Note]]:
    actor = shift[0].seat.acting(shift[-1].happened_at + WRITING)
    drafts = [
        NoteDraft(
            subject_id=telling.usager.person.subject_id,
            volet=telling.volet,
            text=telling.text,
            happened_at=telling.happened_at,
            stay_id=telling.usager.stay.pk,
            is_published=draw.happens(PUBLISHED_PERCENT.get(telling.volet, 0)),
        )
        for telling in shift
    ]
    return list(zip(shift, actions.write_notes(actor, drafts=drafts), strict=True))


def _correct(telling: Telling, note: Note, draw: Draw) -> None:
    if right := put_right(note, draw):
        text, reason = right
        actions.correct_note(
            telling.seat.acting(note.recorded_at + READING_AGAIN),
            note_id=note.pk,
            expected_version=note.version,
            text=text,
            reason=reason,
        )


def put_right(note: Note, draw: Draw) -> tuple[str, str] | None:
    """Return what a transmission says once read again, and why: a side taken for the other, or a
    sentence known since; None where there is nothing to change.
    """
    slips = texts.slips()
    one, other = slips.sides
    additions = [addition for addition in slips.additions if addition.volet == note.volet]
    if (one in note.text) != (other in note.text):
        text = note.text.replace(one, "\0").replace(other, one).replace("\0", other)
        return text, slips.side_reason
    if additions:
        addition = draw.choice(additions)
        return note.text + addition.text, addition.reason
    return None


def _write_in_wrong_record(
    telling: Telling, note: Note, usagers: Sequence[Usager], draw: Draw
) -> None:
    """Write a transmission in a neighbour's record first, and withdraw it there."""
    neighbours = [
        usager
        for usager in usagers
        if usager.unit == telling.usager.unit
        and usager.person != telling.usager.person
        and usager.is_there_on(telling.happened_at.date())
    ]
    draft = NoteDraft(
        subject_id=draw.choice(neighbours).person.subject_id,
        volet=telling.volet,
        text=telling.text,
        happened_at=telling.happened_at,
    )
    actor = telling.seat.acting(telling.happened_at)
    wrong = actions.write_note(actor, draft=draft)
    actions.withdraw_note(
        telling.seat.acting(note.recorded_at),
        note_id=wrong.pk,
        reason=draw.choice(texts.slips().wrong_record_reasons),
    )
