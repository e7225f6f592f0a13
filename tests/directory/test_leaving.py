"""A departure: situations end, the account closes, what was open goes to a colleague."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.factories import drafts
from tests.factories.people import welcome
from tests.factories.town import PASSWORD, SINCE, Town, actor_of, sign_in
from virage.agenda.actions import plan_event
from virage.agenda.enums import Traveller
from virage.agenda.models import Participation
from virage.agenda.rules import TransportDraft
from virage.directory import actions
from virage.directory.actions.leaving import open_works
from virage.directory.jobs import close_left_accounts
from virage.directory.models import Account, Membership
from virage.foundation.access.models import Restriction
from virage.foundation.errors import Invalid, Refused
from virage.foundation.journal.models import JournalEvent, JournalLine
from virage.instruments.actions import ask_on_sheet, begin_sheet
from virage.instruments.models import SheetRequest
from virage.instruments.rules.sheet import SheetDraft
from virage.instruments.rules.shipped import in_force
from virage.persons.actions import name_referent
from virage.persons.models import Referent


def _today() -> date:
    return timezone.localdate()


def test_a_departure_without_open_work_closes_the_account(client: Client, town: Town) -> None:
    sign_in(client, town.alice)
    yesterday = _today() - timedelta(days=1)
    leaver = town.alice.professional
    actions.leave(actor_of(town.diane), professional=leaver, last_day=yesterday)
    assert client.get("/").url.startswith("/connexion/")
    assert Membership.objects.get(pk=town.alice.pk).ends_on == yesterday
    sent = {"login": leaver.account.email, "password": PASSWORD}
    assert client.post("/connexion/", sent).url != "/"
    assert client.get("/").url.startswith("/connexion/")


def test_a_departure_to_come_closes_on_its_day(client: Client, town: Town) -> None:
    leaver = town.alice.professional
    actions.leave(actor_of(town.diane), professional=leaver, last_day=_today())
    sign_in(client, town.alice)
    close_left_accounts({})
    assert client.get("/").status_code == 200
    Account.objects.filter(professional=leaver).update(closes_on=_today() - timedelta(days=1))
    close_left_accounts({})
    assert client.get("/").url.startswith("/connexion/")
    assert not Account.objects.get(professional=leaver).is_active


def test_open_work_goes_to_a_colleague_who_may(client: Client, town: Town) -> None:
    office, leaver, heir = actor_of(town.command_line), town.aude.professional, town.alice
    person = welcome(town, "Rose Kerbrat", town.ehpad, town.unit_a)
    name_referent(office, person=person, professional=leaver, starts_on=SINCE)
    tomorrow = timezone.now() + timedelta(days=2)
    draft = drafts.event(
        person,
        establishment_id=town.ehpad.pk,
        happened_at=tomorrow,
        status="planned",
        professional_ids=(leaver.pk,),
        transports=[TransportDraft(traveller=Traveller.PROFESSIONAL, professional_id=leaver.pk)],
    )
    event = plan_event(office, draft=draft)
    diane = actor_of(town.diane)
    assert dict(open_works(leaver, _today())) == {"rôles de référent": 1, "évènements à venir": 1}
    for wrong in (None, town.diane.professional, town.bob.professional, leaver):
        with pytest.raises(Invalid):
            actions.leave(diane, professional=leaver, last_day=_today(), heir=wrong)
    sign_in(client, town.diane)
    door = f"/annuaire/professionnels/{leaver.pk}/depart/"
    page = client.get(door)
    assert "rôles de référent (1)" in page.text
    sent = {"last_day": _today().isoformat(), "heir": heir.professional_id}
    assert client.post(door, sent).status_code == 302
    assert not open_works(leaver, _today())
    followed = Referent.objects.get(subject=person.subject, professional=heir.professional)
    assert followed.starts_on == _today() + timedelta(days=1)
    parts = Participation.objects.filter(event=event, professional__isnull=False)
    assert [part.professional_id for part in parts] == [heir.professional_id]
    assert event.transports.get().professional_id == heir.professional_id
    told = JournalLine.objects.filter(subject_id=person.subject_id).order_by("event__at")
    assert {"event.hand_over", "referent.end"} <= {line.event.action for line in told}


def test_who_follows_someone_already_follows_her_on_the_other_days_too(town: Town) -> None:
    """Neither a day without anybody, nor two roles on the same day."""
    office, leaver, heir = actor_of(town.command_line), town.aude.professional, town.alice
    rose = welcome(town, "Rose Kerbrat", town.ehpad, town.unit_a)
    louise = welcome(town, "Louise Bernard", town.ehpad, town.unit_a)
    week = _today() + timedelta(days=7)
    name_referent(office, person=rose, professional=leaver, starts_on=SINCE)
    name_referent(office, person=louise, professional=leaver, starts_on=week)
    for person in (rose, louise):
        name_referent(
            office, person=person, professional=heir.professional, starts_on=SINCE, ends_on=week
        )
    actions.leave(
        actor_of(town.diane), professional=leaver, last_day=_today(), heir=heir.professional
    )
    for person in (rose, louise):
        roles = Referent.objects.filter(subject=person.subject, professional=heir.professional)
        after = week + timedelta(days=1)
        days = list(roles.order_by("starts_on").values_list("starts_on", "ends_on"))
        assert days == [(SINCE, week), (after, None)]
    assert not Referent.objects.filter(professional=leaver, subject=louise.subject).exists()


@pytest.mark.parametrize("work", ["followed", "planned"])
def test_a_record_closed_to_the_heir_is_not_given_to_her(town: Town, work: str) -> None:
    office, leaver, heir = actor_of(town.command_line), town.aude.professional, town.alice
    person = welcome(town, "Rose Kerbrat", town.ehpad, town.unit_a)
    if work == "followed":
        name_referent(office, person=person, professional=leaver, starts_on=SINCE)
    else:
        planned = {"status": "planned", "happened_at": timezone.now() + timedelta(days=2)}
        where = {"establishment_id": town.ehpad.pk, "professional_ids": (leaver.pk,)}
        plan_event(office, draft=drafts.event(person, **planned, **where))
    whom = {"professional_id": heir.professional_id}
    Restriction.objects.create(subject=person.subject, reason="Opposition", **whom)
    leaving = {"professional": leaver, "last_day": _today(), "heir": heir.professional}
    with pytest.raises(Invalid, match="ne peut pas ouvrir tout ce travail"):
        actions.leave(actor_of(town.diane), **leaving)
    actions.leave(actor_of(town.diane), **leaving, leaves_rest=True)
    assert sum(count for _, count in open_works(leaver, _today())) == 1


def test_what_a_profession_does_not_read_is_not_given_to_it(town: Town) -> None:
    person = welcome(town, "Rose Kerbrat", town.ehpad, town.unit_a)
    alice, leaver = actor_of(town.alice), town.aude.professional
    planned = {"status": "planned", "happened_at": timezone.now() + timedelta(days=2)}
    where = {"establishment_id": town.ehpad.pk, "professional_ids": (leaver.pk,)}
    plan_event(alice, draft=drafts.event(person, **planned, **where))
    sheet = begin_sheet(
        alice,
        draft=SheetDraft(
            subject_id=person.subject_id,
            instrument=in_force("norton", alice.today),
            happened_at=alice.at,
        ),
    )
    ask_on_sheet(alice, sheet_id=sheet.pk, section="", membership_id=town.aude.pk)
    ask_on_sheet(alice, sheet_id=sheet.pk, section="", membership_id=town.denis.pk)
    leaving = {"professional": leaver, "last_day": _today()}
    with pytest.raises(Invalid) as refused:
        actions.leave(actor_of(town.diane), **leaving, heir=town.sofia.professional)
    told = str(refused.value)
    assert "évènements à venir (1)" in told and "réponses demandées (1)" in told
    actions.leave(actor_of(town.diane), **leaving, heir=town.denis.professional)
    assert not open_works(leaver, _today())
    asked = SheetRequest.objects.get(ended_at=None)
    assert asked.professional_id == town.denis.professional_id, "asked twice, it is one"


def test_who_is_to_leave_as_well_takes_nothing_over(town: Town) -> None:
    person = welcome(town, "Rose Kerbrat", town.ehpad, town.unit_a)
    leaver, diane = town.aude.professional, actor_of(town.diane)
    name_referent(actor_of(town.command_line), person=person, professional=leaver, starts_on=SINCE)
    week = _today() + timedelta(days=7)
    actions.leave(diane, professional=town.alice.professional, last_day=week)
    with pytest.raises(Invalid, match="ne peut pas reprendre"):
        actions.leave(diane, professional=leaver, last_day=_today(), heir=town.alice.professional)


def test_nobody_follows_someone_once_his_situation_is_over(town: Town) -> None:
    person = welcome(town, "Rose Kerbrat", town.ehpad, town.unit_a)
    over = _today() - timedelta(days=30)
    Membership.objects.filter(pk=town.alice.pk).update(ends_on=over)
    follower = {"person": person, "professional": town.alice.professional}
    with pytest.raises(Invalid, match="pas de situation à cette date"):
        name_referent(actor_of(town.command_line), **follower, starts_on=_today())


def test_nothing_is_given_to_someone_for_after_her_last_day(town: Town) -> None:
    office, leaver = actor_of(town.command_line), town.aude.professional
    person = welcome(town, "Rose Kerbrat", town.ehpad, town.unit_a)
    last = _today() + timedelta(days=3)
    actions.leave(actor_of(town.diane), professional=leaver, last_day=last)
    for ends_on in (None, last + timedelta(days=1)):
        with pytest.raises(Invalid, match="quitte l’organisme"):
            name_referent(
                office, person=person, professional=leaver, starts_on=SINCE, ends_on=ends_on
            )
    name_referent(office, person=person, professional=leaver, starts_on=SINCE, ends_on=last)
    where = {"establishment_id": town.ehpad.pk, "professional_ids": (leaver.pk,)}
    late, soon = (timezone.now() + timedelta(days=days) for days in (4, 2))
    with pytest.raises(Invalid, match="a quitté l’organisme"):
        plan_event(office, draft=drafts.event(person, happened_at=late, status="planned", **where))
    plan_event(office, draft=drafts.event(person, happened_at=soon, status="planned", **where))


def test_a_departure_noted_too_early_is_not_said_to_be_put_off(client: Client, town: Town) -> None:
    leaver, noted = town.alice.professional, _today() + timedelta(days=9)
    actions.leave(actor_of(town.diane), professional=leaver, last_day=noted)
    sign_in(client, town.diane)
    card = f"/annuaire/professionnels/{leaver.pk}/"
    assert "Un départ est noté" in client.get(card).text
    late = {"last_day": (noted + timedelta(days=30)).isoformat()}
    answer = client.post(f"{card}depart/", late)
    assert answer.status_code == 422
    assert f"Un départ est déjà noté au {noted:%d/%m/%Y}" in answer.text
    sooner = noted - timedelta(days=4)
    assert client.post(f"{card}depart/", {"last_day": sooner.isoformat()}).status_code == 302
    assert Account.objects.get(professional=leaver).closes_on == sooner
    assert Membership.objects.get(pk=town.alice.pk).ends_on == sooner
    actions.open_membership(
        actor_of(town.diane),
        professional=leaver,
        profession="nurse",
        establishment=town.ehpad,
        reach="establishment",
        starts_on=sooner + timedelta(days=1),
    )
    assert "Un départ est noté" not in client.get(card).text


def test_each_who_may_take_over_is_offered_with_a_profession(client: Client, town: Town) -> None:
    sign_in(client, town.diane)
    page = client.get(f"/annuaire/professionnels/{town.aude.professional_id}/depart/").text
    assert "Alice Martel, Infirmière, infirmier</option>" in page


def test_a_departure_is_cancelled_until_its_day_is_over(client: Client, town: Town) -> None:
    """Situations get back the last day they had, none or one; what was handed over stays."""
    office, leaver, heir = actor_of(town.command_line), town.aude.professional, town.alice
    person = welcome(town, "Rose Kerbrat", town.ehpad, town.unit_a)
    name_referent(office, person=person, professional=leaver, starts_on=SINCE)
    fixed = actions.open_membership(
        office,
        professional=leaver,
        profession="educator",
        establishment=town.ehpad,
        reach="establishment",
        starts_on=SINCE,
        ends_on=_today() + timedelta(days=60),
    )
    sign_in(client, town.diane)
    card = f"/annuaire/professionnels/{leaver.pk}/"
    for days in (9, 4):
        day = (_today() + timedelta(days=days)).isoformat()
        sent = {"last_day": day, "heir": heir.professional_id}
        assert client.post(f"{card}depart/", sent).status_code == 302
    assert "Annuler le départ" in client.get(card).text
    page = client.get(f"{card}depart/annuler/").text
    assert "rôles de référent (1), déjà confiés à Alice Martel" in page
    assert "sans date de fin" in page
    assert client.post(f"{card}depart/annuler/").status_code == 302
    ends = dict(Membership.objects.filter(professional=leaver).values_list("pk", "ends_on"))
    assert ends == {town.aude.pk: None, fixed.pk: _today() + timedelta(days=60)}
    assert Account.objects.get(professional=leaver).closes_on is None
    followed = Referent.objects.filter(subject=person.subject, ends_on=None)
    assert [one.professional_id for one in followed] == [heir.professional_id]
    assert JournalEvent.objects.filter(
        action="professional.leave_cancelled", target_id=leaver.pk
    ).exists()
    assert client.post(f"{card}depart/annuler/").status_code == 422
    assert "Un départ est noté" not in client.get(card).text


def test_cancelling_leaves_what_was_decided_since_and_what_is_over(town: Town) -> None:
    diane, leaver = actor_of(town.diane), town.alice.professional
    actions.leave(diane, professional=leaver, last_day=_today() + timedelta(days=9))
    sooner = _today() + timedelta(days=2)
    actions.end_membership(diane, membership=town.alice, ends_on=sooner)
    actions.cancel_departure(diane, professional=leaver)
    assert Membership.objects.get(pk=town.alice.pk).ends_on == sooner
    actions.leave(diane, professional=leaver, last_day=_today() - timedelta(days=1))
    with pytest.raises(Invalid, match="Aucun départ"):
        actions.cancel_departure(diane, professional=leaver)


def test_only_who_notes_a_departure_cancels_it(town: Town) -> None:
    gaspard, day = actor_of(town.gaspard), _today() + timedelta(days=9)
    for leaver in (town.alice, town.diane):
        actions.leave(gaspard, professional=leaver.professional, last_day=day)
    for who, leaver in ((town.sofia, town.alice), (town.diane, town.diane)):
        with pytest.raises(Refused):
            actions.cancel_departure(actor_of(who), professional=leaver.professional)


def test_giving_access_back_does_not_cancel_a_departure(town: Town) -> None:
    diane, account = actor_of(town.diane), town.alice.professional.account
    actions.leave(diane, professional=town.alice.professional, last_day=_today())
    actions.reset_access(diane, account=account, has_seen=True)
    account.refresh_from_db()
    assert account.closes_on == _today()


def test_nobody_notes_his_own_departure_nor_that_of_who_is_wider(town: Town) -> None:
    for who, leaver in (
        (town.diane, town.diane),
        (town.sofia, town.alice),
        (town.charlie, town.bob),
    ):
        with pytest.raises(Refused):
            actions.leave(actor_of(who), professional=leaver.professional, last_day=_today())
    assert not Membership.objects.filter(ends_on__isnull=False).exists()


def test_whoever_comes_back_is_not_closed(town: Town) -> None:
    leaver = town.alice.professional
    actions.leave(actor_of(town.diane), professional=leaver, last_day=_today())
    actions.open_membership(
        actor_of(town.diane),
        professional=leaver,
        profession="nurse",
        establishment=town.ehpad,
        reach="establishment",
        starts_on=_today(),
    )
    assert Account.objects.get(professional=leaver).closes_on is None
