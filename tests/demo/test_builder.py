"""The demo reads true: thirty days, a hundred and twenty usagers, everyone in their place."""

from collections import Counter
from datetime import timedelta

import pytest
from django.db.models import F, Min, Q
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.demo.conftest import Demo, Records, records
from tests.factories.town import Town, sign_in
from tests.guards import BoundedQueries
from virage.agenda.models import Event
from virage.demo.builder import DEMO_PASSWORD, demo_accounts, house_accounts
from virage.directory.models import Account, Membership, Operator
from virage.directory.queries import actor_of, situations_of
from virage.directory.rules import SYSTEM
from virage.documents.models import Document
from virage.exchange.enums import ImportState
from virage.exchange.models import Import
from virage.foundation.access.emergency import policy
from virage.foundation.access.enums import Reach, Volet
from virage.foundation.access.matrix import matrix_file, shipped
from virage.foundation.access.models import BrisDeGlace, Restriction, Subject
from virage.foundation.calendar import in_paris, midnight
from virage.foundation.encryption.keys import derived
from virage.foundation.encryption.models import DataKey
from virage.foundation.journal.collector import collecting_reads
from virage.foundation.journal.models import JournalEvent
from virage.foundation.journal.writing import telling_the_past
from virage.foundation.national_numbers import is_nir_valid
from virage.foundation.outbox.enums import MessageState
from virage.foundation.outbox.models import Message
from virage.instruments.models import Evaluation
from virage.persons.enums import BRIS_DE_GLACE_TOLD, InsOid, InsStatus
from virage.persons.models import Coverage, Person, Referent, Stay
from virage.persons.queries import open_record, persons_visible_to
from virage.persons.queries.openings import review_week
from virage.record.enums import NoteStatus
from virage.record.models import Note

# One build serves them all, so one process should run them all.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("demo")]

MOST_STATEMENTS = 12
DIRECTORY_PAGES = ("home", "establishment_list", "professional_list", "membership_list")


@pytest.mark.once
def test_the_same_day_gives_the_same_records(another_build: Records, demo: Demo) -> None:
    found = records()
    for model, rows in another_build.items():
        assert rows == found[model], model


def test_a_hundred_and_twenty_usagers_with_their_stays(demo: Demo) -> None:
    assert Person.objects.filter(operator=demo.operator).count() == 120
    assert not Person.objects.filter(stays=None).exists()
    stays = Stay.objects.filter(operator=demo.operator)
    assert not stays.filter(unit=None).exists()
    running = stays.exclude(entered_on=None).filter(exited_on=None)
    houses = Counter(running.values_list("person", flat=True))
    assert sum(count == 2 for count in houses.values()) == 2, "IME and SESSAD at once"
    assert stays.filter(planned_entry_on__gt=demo.today, entered_on=None).count() == 1
    assert not stays.filter(entered_on__gt=demo.today).exists()


def test_everyone_is_surrounded(demo: Demo) -> None:
    persons = Person.objects.filter(operator=demo.operator)
    assert not persons.filter(Q(addresses=None) | Q(coverages=None)).exists()
    assert not persons.filter(subject__referents=None).exists()
    assert persons.exclude(protections=None).distinct().count() >= 15
    children = Q(stays__establishment__kind__in=("182", "183"), birth_on__year__gt=2010)
    assert not persons.filter(children, contacts=None).exists()


def test_identities_are_invented(demo: Demo) -> None:
    codes = set(Person.objects.values_list("birth_place_code", flat=True))
    assert codes
    assert all(code.startswith("99") and len(code) == 5 for code in codes)
    with_ins = Person.objects.exclude(ins_value="")
    values = list(with_ins.values_list("ins_value", flat=True))
    assert len(values) == len(set(values)) > 80
    assert all(is_nir_valid(value) for value in values)
    assert set(with_ins.values_list("ins_oid", flat=True)) == {InsOid.TEST}
    numbers = Coverage.objects.exclude(insured_number="").values_list("insured_number", flat=True)
    assert all(is_nir_valid(number) and number[5:7] == "99" for number in numbers)
    assert all(value[5:7] == "99" for value in values)
    assert set(Person.objects.values_list("ins_status", flat=True)) == {InsStatus.PROVISIONAL}
    attributes = ("is_doubtful", "is_fictitious", "is_homonym")
    assert all(Person.objects.filter(**{name: True}).exists() for name in attributes)


def test_every_profession_signs_in(demo: Demo) -> None:
    signing_in = Membership.objects.filter(professional__account__isnull=False)
    professions = set(signing_in.values_list("profession", flat=True))
    assert professions == matrix_file().professions.keys() - {SYSTEM}
    emails = [account.email for account in demo_accounts()]
    assert set(Account.objects.values_list("email", flat=True)) == set(emails)
    passwords = set(Account.objects.values_list("password", flat=True))
    assert len(passwords) == 1
    assert Account.objects.get(email=emails[0]).check_password(DEMO_PASSWORD)


def test_the_accounts_told_are_those_of_one_directory(demo: Demo) -> None:
    emails = [account.email for account in house_accounts()]
    operators = Operator.objects.filter(professionals__account__email__in=emails).distinct()
    assert operators.count() == 1 < Operator.objects.count()
    assert 0 < len(emails) < len(demo_accounts())


def test_who_writes_may(demo: Demo) -> None:
    places = {
        (member.professional_id, member.profession, member.establishment_id)
        for member in Membership.objects.all()
    }
    items = [*Note.objects.all(), *Event.objects.all(), *Evaluation.objects.all()]
    for item in [*items, *Document.objects.all()]:
        assert Volet(item.volet) in shipped().writable_volets(item.author_profession), item
        assert (item.author_id, item.author_profession, item.establishment_id) in places


def test_thirty_days_of_transmissions(demo: Demo) -> None:
    notes = Note.objects.filter(operator_id=demo.operator.pk)
    assert notes.count() > 2000
    days = {timezone.localdate(at) for at in notes.values_list("happened_at", flat=True)}
    assert days == {demo.today - timedelta(days=back) for back in range(1, 31)}
    assert not notes.filter(recorded_at__lt=F("happened_at")).exists()
    assert set(notes.values_list("volet", flat=True)) == set(Volet.values)
    assert notes.filter(is_published=True).exists()


def test_the_journal_tells_the_days_of_the_records(demo: Demo) -> None:
    written = JournalEvent.objects.filter(operator_id=demo.operator.pk, action="note.write")
    notes = Note.objects.filter(operator_id=demo.operator.pk)
    assert set(written.values_list("at", flat=True)) == set(
        notes.values_list("recorded_at", flat=True)
    )
    assert not JournalEvent.objects.filter(at__gt=timezone.now()).exists()


def test_the_past_is_not_told_where_there_is_a_journal(town: Town) -> None:
    with pytest.raises(RuntimeError), telling_the_past():
        pass


def test_nothing_is_told_of_someone_absent(demo: Demo) -> None:
    for note in Note.objects.select_related("stay"):
        day = timezone.localdate(note.happened_at)
        assert note.stay
        assert note.stay.entered_on <= day
        assert note.stay.exited_on is None or day <= note.stay.exited_on


def test_transmissions_read_like_transmissions(demo: Demo) -> None:
    texts = list(Note.objects.values_list("subject", "text"))
    assert not [text for _, text in texts if "lorem" in text.lower() or "{" in text or "<" in text]
    repeated = Counter(texts)
    told_twice = [text for text, count in repeated.items() if count > 3]
    assert not told_twice, "nobody is told the same thing all month"


def test_slips_are_put_right(demo: Demo) -> None:
    corrected = Note.objects.filter(status=NoteStatus.CORRECTED)
    assert corrected.count() > 20
    assert not corrected.filter(former_versions=None).exists()
    withdrawn = Note.objects.filter(status=NoteStatus.WITHDRAWN, operator_id=demo.operator.pk)
    assert withdrawn.count() == 4
    for note in withdrawn:
        assert (
            Note.objects.filter(text__startswith=note.text).exclude(subject=note.subject).exists()
        )


def test_the_agenda_looks_back_and_ahead(demo: Demo) -> None:
    statuses = Counter(Event.objects.values_list("status", flat=True))
    assert statuses["finished"] > 150
    assert statuses["cancelled"] >= 5
    assert statuses["planned"] + statuses["triaged"] > 50
    coming = Event.objects.filter(status__in=("planned", "triaged"))
    first = coming.aggregate(first=Min("happened_at"))["first"]
    assert timezone.localdate(first) > demo.today
    assert not Event.objects.filter(participations=None).exists()
    assert Event.objects.exclude(transports=None).exists()


def test_documents_open(demo: Demo) -> None:
    documents = list(Document.objects.all())
    assert len(documents) > 150
    assert set(Document.objects.values_list("confidentiality", flat=True)) == {"N", "R", "V"}
    assert all(document.size_bytes < 3000 for document in documents)
    assert Evaluation.objects.count() > 120


def test_who_may_not_know(demo: Demo) -> None:
    assert Restriction.objects.count() == 1
    assert Subject.objects.filter(is_sensitive=True).count() == 1
    shared = Subject.objects.get(is_shared_between_establishments=True)
    assert shared.stays.values("establishment").distinct().count() == 2


def test_a_record_was_opened_at_night_and_waits_for_its_review(demo: Demo) -> None:
    opening = BrisDeGlace.objects.get()
    assert opening.ends_at - opening.opened_at == policy().lasts
    directors = Membership.objects.filter(profession="director", operator=demo.operator)
    director = directors.get(establishment=opening.subject.stays.get().establishment)
    with collecting_reads():
        week = review_week(
            actor_of(director, midnight(demo.today)), in_paris(opening.opened_at).date()
        )
    row = week.rows[0]
    assert (row.opening, row.badges[0].label) == (opening, "À revoir")
    assert row.reads == 2
    assert "Médical" in row.volets
    referents = Referent.objects.filter(subject=opening.subject_id)
    assert referents.exists(), "someone is told on the home page"
    told = Message.objects.get(topic=BRIS_DE_GLACE_TOLD)
    assert told.state == MessageState.DONE  # its mail is not sent when the demonstration starts


def test_one_file_waits_and_one_was_refused(demo: Demo) -> None:
    held = Import.objects.get(state=ImportState.HELD)
    candidate = held.candidates.get()
    assert candidate.is_doubtful
    assert Import.objects.filter(state=ImportState.REFUSED).count() == 1


def test_operators_never_see_each_other(demo: Demo) -> None:
    whole = Membership.objects.filter(reach=Reach.OPERATOR)
    for operator, other in ((demo.operator, demo.neighbour), (demo.neighbour, demo.operator)):
        membership = whole.filter(operator=operator).order_by("pk").first()
        assert membership
        seen = persons_visible_to(actor_of(membership, timezone.now()))
        assert seen.filter(operator=operator).exists()
        assert not seen.filter(operator=other).exists()


def _addresses(situation: Membership) -> dict[str, bool]:
    """Return the addresses to try in a situation, and whether each opens."""
    actor = actor_of(situation, timezone.now())
    knows = actor.sees_identities
    ours = Person.objects.filter(operator=actor.operator_id)
    person = (persons_visible_to(actor) if knows else ours).order_by("pk").first()
    assert person, situation
    with collecting_reads():
        tabs = [tab.url for tab in open_record(actor, person.pk).tabs] if knows else []
    assert tabs or not knows, situation
    return (
        {reverse(f"directory:{name}"): True for name in DIRECTORY_PAGES}
        | {reverse("persons:list"): knows, reverse("persons:identity", args=[person.pk]): knows}
        | dict.fromkeys(tabs, knows)
    )


def _is_right(page: HttpResponse, opens: bool) -> bool:
    if opens:
        return page.status_code == 200
    problem = page.context["problem"]
    return page.status_code == 403 and bool(problem.message and problem.whom_to_ask)


def test_every_account_opens_its_pages(demo: Demo, client: Client, queries: BoundedQueries) -> None:
    wrong = []
    for key in DataKey.objects.all():  # a process reads each key once
        derived(key.pk, "values")
    for account in Account.objects.order_by("email"):
        for situation in situations_of(account, timezone.now()):
            sign_in(client, situation)
            for address, opens in _addresses(situation).items():
                with queries(at_most=MOST_STATEMENTS):
                    page = client.get(address)
                if not _is_right(page, opens):
                    wrong.append((account.email, situation.profession, address, page.status_code))
    assert not wrong
