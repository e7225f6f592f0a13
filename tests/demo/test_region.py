"""The region reads true: nobody is told of before coming or after leaving, nor by who is not there.

A small one, which takes seconds: a part of the establishments, of their places and of the days.
"""

import itertools
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from django.db.models import F
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.demo.conftest import records
from tests.factories.town import sign_in
from tests.guards import BoundedQueries
from virage.agenda.models import Event
from virage.demo.region import plan
from virage.demo.region.builder import Size, accounts, write_region
from virage.demo.region.months import EVALUATION
from virage.demo.region.plan import is_open, is_working_day, kinds
from virage.directory.models import (
    Account,
    Departure,
    Establishment,
    Membership,
    Operator,
)
from virage.directory.queries import situations_of
from virage.documents.models import Document
from virage.foundation.access.enums import Review
from virage.foundation.access.matrix import shipped
from virage.foundation.access.models import BrisDeGlace, Restriction
from virage.foundation.encryption.keys import derived
from virage.foundation.encryption.models import DataKey
from virage.foundation.journal.models import JournalEvent
from virage.foundation.national_numbers import is_nir_valid
from virage.foundation.outbox.enums import MessageState
from virage.foundation.outbox.models import Message
from virage.foundation.workflow.models import Transition
from virage.instruments.models import Evaluation
from virage.persons.models import Coverage, LegalProtection, Person, Referent, Stay
from virage.plans.models import Plan
from virage.record.models import Note, NoteVersion

# One build serves them all, so one process should run them all.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("region")]

TODAY = date(2026, 3, 11)  # a Wednesday, after the winter holidays
SMALL = Size(days=130, houses=6, places_percent=18)
TINY = Size(days=45, houses=1, places_percent=12)
MOST_STATEMENTS = 12
CODES = {kind.code: kind for kind in kinds().values()}


@pytest.fixture(scope="module")
def region(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        write_region(size=SMALL, today=TODAY)
        yield
        transaction.set_rollback(True)


def _notes() -> list[Note]:
    return list(Note.objects.select_related("stay__establishment", "subject__person"))


def _days_of(item: Note | Event | Evaluation) -> set[date]:
    """The days on which it took place and was entered."""
    return {timezone.localdate(item.happened_at), timezone.localdate(item.recorded_at)}


def test_the_same_day_gives_the_same_records() -> None:
    """It comes first: the past is not told where there is a journal already."""
    builds = []
    for _ in range(2):
        with transaction.atomic():
            write_region(size=TINY, today=TODAY)
            builds.append(records())
            transaction.set_rollback(True)
    assert sum(len(rows) for rows in builds[0].values()) > 1000
    for model, rows in builds[0].items():
        assert rows == builds[1][model], model


def test_four_operators_of_the_region() -> None:
    found = {body.key: [house.kind for house in body.houses] for body in plan.bodies()}
    assert sorted(found["ormes"]) == sorted(["ehpad", "ime", "sessad", "fam", "esat", "savs"])
    places = [(house.kind, house.places) for house in plan.bodies()[0].houses]
    assert places[:3] == [("ehpad", 84), ("ime", 60), ("sessad", 40)]
    assert [len(found[key]) for key in ("passerelles", "sittelles", "appui")] == [49, 1, 0]
    departments = {plan.towns()[h.town].code[:2] for b in plan.bodies() for h in b.houses}
    assert departments == {"44", "49", "53", "72", "85"}


def test_nobody_is_told_of_out_of_her_stay(region: None) -> None:
    notes = _notes()
    assert len(notes) > 2000
    stays = {stay.subject_id: stay for stay in Stay.objects.exclude(entered_on=None)}
    items = [*notes, *Evaluation.objects.all()]
    told = [(item.subject_id, day) for item in items for day in _days_of(item)]
    past = Event.objects.filter(status="finished").prefetch_related("participations")
    told += [
        (part.subject_id, timezone.localdate(event.happened_at))
        for event in past
        for part in event.participations.all()
        if part.subject_id
    ]
    for subject_id, day in told:
        stay = stays[subject_id]
        assert stay.entered_on <= day <= (stay.exited_on or TODAY), stay


def test_who_writes_is_there_and_may(region: None) -> None:
    contracts: dict[object, list[Membership]] = {}
    for one in Membership.objects.all():
        contracts.setdefault((one.professional_id, one.establishment_id), []).append(one)
    items = [*_notes(), *Event.objects.all(), *Evaluation.objects.all()]
    for item in items:
        assert item.volet in shipped().writable_volets(item.author_profession), item
        [contract] = contracts[item.author_id, item.establishment_id]
        assert contract.profession == item.author_profession
        days = {timezone.localdate(item.recorded_at)}
        days |= _days_of(item) if isinstance(item, Note) else set()
        for day in days:
            assert contract.starts_on <= day <= (contract.ends_on or TODAY), (item, contract)


def test_the_staff_comes_and_goes(region: None) -> None:
    assert Membership.objects.filter(ends_on__lt=TODAY).count() > 5
    first = TODAY - timedelta(days=SMALL.days)
    assert Membership.objects.filter(starts_on__gte=first).count() > 5
    ended = Referent.objects.exclude(ends_on=None)
    assert ended.exists()
    for referent in Referent.objects.all():
        contract = Membership.objects.filter(professional=referent.professional_id).get()
        last = contract.ends_on or date.max
        assert contract.starts_on <= referent.starts_on <= last
        assert referent.ends_on is None or referent.ends_on <= last


def test_places_are_never_over(region: None) -> None:
    rooms: dict[object, list[Stay]] = {}
    for stay in Stay.objects.exclude(entered_on=None).order_by("entered_on"):
        if stay.room_id:
            rooms.setdefault(stay.room_id, []).append(stay)
    assert len(rooms) > 20
    for stays in rooms.values():
        for before, after in zip(stays, stays[1:], strict=False):
            assert before.exited_on
            assert before.exited_on < after.entered_on
    houses = {house.name: house for body in plan.bodies() for house in body.houses}
    days = [TODAY - timedelta(days=back) for back in range(1, SMALL.days, 5)]
    for one in Establishment.objects.prefetch_related("stays"):
        units = len(kinds()[houses[one.name].kind].units)
        places = max(units, houses[one.name].places * SMALL.places_percent // 100)
        stays = [stay for stay in one.stays.all() if stay.entered_on]
        for day in days:
            there = [s for s in stays if s.entered_on <= day < (s.exited_on or TODAY)]
            assert len(there) <= places, (one, day)


def test_a_home_is_nearly_full(region: None) -> None:
    home = Establishment.objects.get(name="EHPAD Les Grands Ormes")
    running = Stay.objects.filter(establishment=home, exited_on=None).exclude(entered_on=None)
    assert running.count() >= 0.8 * home.units.exclude(rooms=None).values("rooms").count()


def test_comings_and_goings_are_told_on_their_day(region: None) -> None:
    told = Counter[str]()
    for note in _notes():
        for start, day in (("Entrée de", note.stay.entered_on), ("Sortie de", note.stay.exited_on)):
            if note.text.startswith(start):
                told[start] += 1
                assert timezone.localdate(note.happened_at) == day, note.text
    assert len(told) == 2


def test_measures_and_covers_still_run(region: None) -> None:
    for one in (*LegalProtection.objects.all(), *Coverage.objects.exclude(ends_on=None)):
        assert one.ends_on >= TODAY, one


def test_a_death_ends_everything(region: None) -> None:
    dead = Person.objects.exclude(died_at=None)
    assert dead.exists()
    for person in dead:
        stay = person.stays.get()
        assert stay.exited_on == timezone.localdate(person.died_at)
        assert stay.exit_mode.code == "419620001"
    told = Note.objects.filter(happened_at__gt=F("subject__person__died_at"))
    assert told.exists()
    assert not told.exclude(text__contains="constater").exists()


def test_days_and_hours_are_those_of_the_trade(region: None) -> None:
    days: dict[str, Counter[int]] = {}
    hours: dict[str, Counter[bool]] = {}
    for note in _notes():
        at = timezone.localtime(note.happened_at)
        kind = CODES[note.stay.establishment.kind]
        days.setdefault(kind.key, Counter())[at.weekday()] += 1
        hours.setdefault(kind.key, Counter())[7 <= at.hour < 22] += 1
        told_on = at.date() - timedelta(days=at.hour < 7)
        assert is_open(kind, told_on), (kind.key, at)
    for key in ("sessad", "esat", "savs"):
        assert not {5, 6} & days[key].keys()
    assert all(hours[key][True] > 3 * hours[key][False] for key in ("ehpad", "fam"))
    week = days["ehpad"]
    weekend = (week[5] + week[6]) / 2
    assert 0.4 < weekend / ((sum(week.values()) - 2 * weekend) / 5) < 0.95


def test_people_meet_and_consult_on_working_days_alone(region: None) -> None:
    """Christmas is a Thursday, and someone is still cared for then."""
    met = [*Event.objects.exclude(status="cancelled"), *Evaluation.objects.all()]
    met += [note for note in _notes() if note.volet == "project"]
    days = {timezone.localdate(item.happened_at) for item in met}
    stays = Stay.objects.exclude(entered_on=None)
    days |= {stay.entered_on for stay in stays}
    days |= {stay.exited_on for stay in stays if stay.exited_on and "écès" not in stay.exit_label}
    assert [day for day in sorted(days) if not is_working_day(day)] == []
    assert Note.objects.filter(happened_at__date=date(2025, 12, 25), volet="care").exists()


def test_nobody_is_in_two_places_at_once(region: None) -> None:
    """Neither a professional nor a person; the visits of a physician follow one another."""
    taken: dict[object, list[tuple[datetime, datetime]]] = {}
    for event in Event.objects.prefetch_related("participations"):
        for part in event.participations.all():
            someone = part.subject_id or part.professional_id
            taken.setdefault(someone, []).append((event.happened_at, event.ends_at))
    for one in Evaluation.objects.all():
        span = (one.happened_at, one.happened_at + EVALUATION)
        for someone in (one.subject_id, one.author_id):
            taken.setdefault(someone, []).append(span)
    followed = 0
    for someone, spans in taken.items():
        for before, after in itertools.pairwise(sorted(spans)):
            assert before[1] <= after[0], (someone, before, after)
            followed += before[1] == after[0]
    assert followed > 5


def test_a_text_names_nobody_else(region: None) -> None:
    named = re.compile(r"(?:Mme|M\.) ([A-ZÀ-Ÿ][\w’'-]+(?: [A-ZÀ-Ÿ][\w’'-]+)?)")
    for note in _notes():
        person = note.subject.person
        assert not set("{}[]<>|") & set(note.text), note.text
        for name in named.findall(note.text):
            assert name.startswith(person.shown_family_name), note.text
        civility = "Mme" if person.sex == "female" else "M."
        assert all(found == civility for found in re.findall(r"\b(?:Mme|M\.)(?= )", note.text))


def test_some_transmissions_were_put_right(region: None) -> None:
    """About one in a hundred keeps its former text; none of a day of stories does, nor a death."""
    former = NoteVersion.objects.select_related("note")
    assert 0.004 < former.count() / Note.objects.count() < 0.016
    for version in former:
        assert version.text != version.note.text
        assert version.recorded_at > version.note.recorded_at
        assert "Décès" not in version.text


def test_records_hold_plans_and_documents(region: None) -> None:
    """Most of those of the first operator who are there have some, and each plan was reviewed."""
    made = Plan.objects.filter(establishment__operator__siren="999001001")
    running = Stay.objects.filter(establishment__operator__siren="999001001", exited_on=None)
    there = running.filter(entered_on__lte=TODAY - timedelta(days=126)).count()
    assert 0.5 * there < made.count() <= 0.9 * there
    for one in Plan.objects.prefetch_related("versions__review", "objectives__actions"):
        assert one.state == "in_force"
        assert one.review_on > TODAY
        assert [hasattr(each, "review") for each in one.versions.order_by("number")] == [
            False,
            True,
        ]
        actions = [action for each in one.objectives.all() for action in each.actions.all()]
        assert len(actions) > 2
        assert all(each.due_on > TODAY for each in actions if each.state in ("todo", "doing"))
        kind = CODES[one.establishment.kind]
        for step in Transition.objects.filter(item_id__in=[one.pk, *(each.pk for each in actions)]):
            day = timezone.localdate(step.happened_at)
            assert is_working_day(day) and is_open(kind, day), (one, step)
    with_papers = Document.objects.filter(volet="administrative").values("subject").distinct()
    assert with_papers.count() > 0.3 * there
    for document in Document.objects.all():
        day = timezone.localdate(document.recorded_at)
        stay = running.filter(subject=document.subject_id).first()
        assert stay is None or stay.entered_on <= day < TODAY


def test_someone_leaves_objects_and_knew_in_an_emergency(region: None) -> None:
    departures = Departure.objects.filter(professional__operator__siren="999001001")
    assert [one.last_day > TODAY for one in departures] == [True, True]
    assert all(one.handed for one in departures), "a colleague takes over"
    assert Restriction.objects.exists()
    openings = BrisDeGlace.objects.all()
    assert Counter(one.review for one in openings).keys() == {"", Review.ACCEPTED}
    for one in openings:
        [stay] = one.subject.stays.all()
        membership = Membership.objects.get(pk=one.membership_id)
        assert membership.profession == "nurse"
        assert membership.establishment_id != stay.establishment_id
    assert not Message.objects.filter(state=MessageState.PENDING).exists(), "no mail of the past"


def test_a_story_has_an_end(region: None) -> None:
    texts = Counter(
        mark
        for text in Note.objects.filter(
            happened_at__lt=timezone.now(), subject__person__died_at=None
        ).values_list("text", flat=True)
        for mark in ("Vu après la chute", "Vue après la chute", "Lendemain de chute")
        if mark in text
    )
    falls = texts["Vu après la chute"] + texts["Vue après la chute"]
    assert falls
    assert falls - texts["Lendemain de chute"] in (0, 1), "one may be of yesterday"


def test_identities_are_invented(region: None) -> None:
    numbers = [*Person.objects.exclude(ins_value="").values_list("ins_value", flat=True)]
    assert len(set(numbers)) == len(numbers), "nobody bears another's"
    numbers += Coverage.objects.exclude(insured_number="").values_list("insured_number", flat=True)
    assert len(numbers) > 100
    assert all(is_nir_valid(number) and number[5:8] == "998" for number in numbers)
    assert all(
        one.startswith("99") for one in Establishment.objects.values_list("finess", flat=True)
    )


def test_every_account_opens_its_home(
    region: None, client: Client, queries: BoundedQueries
) -> None:
    told = {one.email for one in accounts()}
    opened = set(Account.objects.values_list("email", flat=True))
    assert opened <= told
    assert {email.split("@")[1] for email in opened} == {email.split("@")[1] for email in told}
    for key in DataKey.objects.all():  # a process reads each key once
        derived(key.pk, "values")
    for account in Account.objects.order_by("email"):
        [situation] = situations_of(account, timezone.now())
        sign_in(client, situation)
        with queries(at_most=MOST_STATEMENTS):
            assert client.get(reverse("directory:home")).status_code == 200, account
        knows = shipped().sees_identities(situation.profession)
        with queries(at_most=MOST_STATEMENTS):
            page = client.get(reverse("persons:list"))
        assert page.status_code == (200 if knows else 403), account


def test_the_regional_body_accompanies_nobody(region: None) -> None:
    body = Operator.objects.get(siren="999004005")
    assert not body.establishments.exists()
    assert not Person.objects.filter(operator=body).exists()
    assert body.professionals.filter(account__isnull=False).count() == 2


def test_the_journal_tells_the_days_of_the_records(region: None) -> None:
    written = JournalEvent.objects.filter(action="note.write").values_list("at", flat=True)
    entered = Note.objects.values_list("recorded_at", flat=True)
    assert set(written) == set(entered)
    later = JournalEvent.objects.filter(at__date__gte=TODAY)
    assert set(later.values_list("action", flat=True)) <= {"operator.create"}
