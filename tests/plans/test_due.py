"""What is due is told to its owner: by mail, once a date, and in a calendar of days alone."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate
from icalendar import Calendar

from tests.factories.town import Town, actor_of, sign_in
from virage.directory.actions import end_membership, leave
from virage.directory.models import Account, Professional
from virage.foundation.access.actor import Actor
from virage.foundation.access.models import Restriction
from virage.foundation.errors import Invalid, Refused
from virage.foundation.outbox.models import Message
from virage.persons.models import Person
from virage.plans.actions.due import remind_owners, renew_feed, revoke_feed
from virage.plans.actions.parts import step_action, step_objective, update_action
from virage.plans.actions.plans import step_plan, update_plan
from virage.plans.jobs import remind, tell_due
from virage.plans.models import CalendarFeed, Objective, Plan, PlannedAction
from virage.plans.queries.due import acting, days_of, feed_of_token, own_actions
from virage.plans.rules.drafts import ActionDraft

pytestmark = pytest.mark.django_db


@pytest.fixture
def due(alice: Actor, plan: Plan, walk: PlannedAction, shoes: PlannedAction) -> Plan:
    """A plan in force, with an action of Alice that is late and one of nobody's."""
    late = alice.today - timedelta(days=2)
    PlannedAction.objects.update(due_on=late)
    step_plan(alice, plan_id=plan.pk, verb="put_in_force")
    return plan


def posted() -> list[dict[str, Any]]:
    told = Message.objects.filter(topic="plans.tell_due").order_by("created_at", "id")
    return list(told.values_list("payload", flat=True))


@pytest.fixture
def tuesday(alice: Actor) -> datetime:
    """The next one: on a Monday, all that is late is told again."""
    return alice.at + timedelta(days=(1 - alice.today.weekday()) % 7)


def test_an_owner_is_told_once_for_each_date_and_every_monday_of_what_is_late(
    due: Plan, walk: PlannedAction, town: Town, tuesday: datetime
) -> None:
    assert remind_owners(tuesday) == 1
    assert remind_owners(tuesday + timedelta(days=1)) == 0
    account = town.alice.professional.account
    numbers = {"due": 1, "objectives": 0, "reviews": 0, "late": 1}
    assert posted() == [{"account_id": str(account.pk), **numbers}]
    assert remind_owners(tuesday + timedelta(days=6)) == 1
    day = localdate(tuesday) + timedelta(days=8)
    PlannedAction.objects.filter(pk=walk.pk).update(due_on=day)
    assert remind_owners(tuesday) == 0
    assert remind_owners(tuesday + timedelta(days=1)) == 1


def test_who_began_a_plan_is_told_once_of_its_review(
    due: Plan, walk: PlannedAction, tuesday: datetime
) -> None:
    PlannedAction.objects.filter(pk=walk.pk).update(due_on=None)
    day = localdate(tuesday)
    Plan.objects.update(review_on=day + timedelta(days=7))
    assert remind_owners(tuesday) == 1
    assert remind_owners(tuesday + timedelta(days=1)) == 0
    assert (posted()[0]["due"], posted()[0]["reviews"], posted()[0]["late"]) == (0, 1, 0)
    Plan.objects.update(review_on=day - timedelta(days=1))
    assert remind_owners(tuesday + timedelta(days=2)) == 1


def test_who_answers_for_a_plan_is_told_of_its_objectives_as_his_calendar_is(
    alice: Actor, town: Town, due: Plan, objective: Objective, tuesday: datetime
) -> None:
    PlannedAction.objects.update(due_on=None)
    Objective.objects.update(due_on=localdate(tuesday) - timedelta(days=1))
    assert remind_owners(tuesday) == 1
    assert remind_owners(tuesday + timedelta(days=1)) == 0
    assert {**posted()[0], "account_id": ""} == {
        **{"account_id": "", "due": 0, "objectives": 1, "reviews": 0, "late": 1}
    }
    assert "Objectif à échéance" in {what for _, _, what in days_of([alice])}
    denis, edit = town.denis.professional, {"plan_id": due.pk, "expected_version": 1}
    update_plan(alice, **edit, changes={"owner_id": denis.pk})
    assert remind_owners(tuesday + timedelta(days=1)) == 1
    assert posted()[-1]["account_id"] == str(denis.account.pk)


@pytest.mark.parametrize("why", ["moved", "ended", "closed", "dead"])
def test_who_may_not_open_it_any_more_is_told_of_nothing(
    alice: Actor, due: Plan, town: Town, rose: Person, why: str
) -> None:
    Plan.objects.update(review_on=alice.today)
    match why:
        case "moved":
            town.alice.units.set([town.unit_b])
        case "ended":
            day = alice.today - timedelta(days=1)
            end_membership(actor_of(town.gaspard), membership=town.alice, ends_on=day)
        case "closed":
            Restriction.objects.create(subject=rose.subject, profession="nurse", reason="Non")
        case "dead":
            Person.objects.update(died_at=alice.at)
    assert remind_owners(alice.at) == 0
    owner = Professional.objects.get(pk=alice.professional_id)
    assert not list(days_of(acting(owner, alice.at)))
    assert why == "ended" or not own_actions(actor_of(town.alice)).exists()


def test_the_review_of_who_leaves_is_told_to_the_heir(
    alice: Actor, due: Plan, town: Town, tuesday: datetime
) -> None:
    Plan.objects.update(review_on=alice.today)
    leaver, heir = town.alice.professional, town.denis.professional
    leave(actor_of(town.diane), professional=leaver, last_day=alice.today, heir=heir)
    assert remind_owners(tuesday + timedelta(days=1)) == 1
    told = posted()[-1]
    assert told["account_id"] == str(heir.account.pk)
    assert (told["due"], told["reviews"]) == (1, 1)


def test_what_was_to_be_done_for_an_objective_that_is_over_is_told_to_nobody(
    alice: Actor, due: Plan, walk: PlannedAction
) -> None:
    assert list(own_actions(alice)) == [walk]
    step_objective(
        alice, plan_id=due.pk, objective_id=walk.objective_id, verb="give_up", reason="Refusé"
    )
    assert remind_owners(alice.at) == 0
    assert not own_actions(alice).exists()
    told = days_of([alice])
    assert [what for _, _, what in told] == ["Bilan de plan"]


def test_who_receives_an_action_is_told_of_it(
    alice: Actor, due: Plan, walk: PlannedAction, town: Town, tuesday: datetime
) -> None:
    assert remind_owners(tuesday) == 1
    walk.refresh_from_db()
    draft = ActionDraft(title=walk.title, due_on=walk.due_on, owner_id=town.denis.professional_id)
    update_action(alice, plan_id=due.pk, action_id=walk.pk, expected_version=1, draft=draft)
    assert remind_owners(tuesday + timedelta(days=1)) == 1
    told = {one["account_id"] for one in posted()}
    assert str(town.denis.professional.account.pk) in told


def test_an_action_goes_to_nobody_who_leaves_before_it_is_due(
    alice: Actor, plan: Plan, walk: PlannedAction, town: Town
) -> None:
    leaver, last_day = town.denis.professional, alice.today + timedelta(days=5)
    leave(actor_of(town.diane), professional=leaver, last_day=last_day)
    draft = ActionDraft(title="Marcher", owner_id=leaver.pk, due_on=last_day)
    asked = {"plan_id": plan.pk, "action_id": walk.pk, "expected_version": 1}
    for day in (None, last_day + timedelta(days=1)):
        with pytest.raises(Invalid, match="quitte l’organisme"):
            update_action(alice, **asked, draft=replace(draft, due_on=day))
    assert update_action(alice, **asked, draft=draft).owner_id == leaver.pk


def test_nobody_is_told_of_what_is_over_or_not_in_force(
    alice: Actor, plan: Plan, walk: PlannedAction, town: Town
) -> None:
    PlannedAction.objects.update(due_on=alice.today)
    remind({})
    step_plan(alice, plan_id=plan.pk, verb="put_in_force")
    step_action(alice, plan_id=plan.pk, action_id=walk.pk, verb="finish")
    remind({})
    step_action(alice, plan_id=plan.pk, action_id=walk.pk, verb="reopen")
    Account.objects.filter(professional=town.alice.professional_id).update(is_active=False)
    remind({})
    assert posted() == []


def test_the_mail_names_nothing(due: Plan, walk: PlannedAction, town: Town) -> None:
    account = town.alice.professional.account
    tell_due({"account_id": str(account.pk), "due": 2, "objectives": 1, "reviews": 1, "late": 1})
    (sent,) = mail.outbox
    assert sent.to == [account.email]
    words = (sent.subject + sent.body).replace("\u00a0", " ")
    assert "2 actions" in words and "Un objectif d’un plan" in words
    assert "Le bilan d’un plan" in words and "En retard : 1" in words
    assert not [one for one in ("Rose", "Lambert", walk.title, due.title) if one in words]
    Account.objects.filter(pk=account.pk).update(is_active=False)
    tell_due({"account_id": str(account.pk), "due": 2, "late": 0})
    assert len(mail.outbox) == 1


def test_a_calendar_says_days_and_nothing_else(
    client: Client, town: Town, due: Plan, walk: PlannedAction, caplog: pytest.LogCaptureFixture
) -> None:
    Plan.objects.update(review_on=due.starts_on)
    Objective.objects.update(due_on=due.starts_on)
    sign_in(client, town.alice)
    feed = reverse("plans:feed")
    assert "Aucune adresse" in client.get(feed).content.decode()
    page = client.post(feed, follow=True)
    address = page.context["address"]
    assert address in page.content.decode()
    assert address not in client.get(feed).content.decode()
    assert page.redirect_chain == [(feed, 302)]
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert token not in str(CalendarFeed.objects.values())
    with caplog.at_level(logging.DEBUG):
        answer = Client().get(address)
    assert token not in caplog.text
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    event, *others = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [str(one["summary"]) for one in others] == ["Objectif à échéance", "Bilan de plan"]
    assert (event["summary"], event["url"]) == ("Action à échéance", "http://testserver/")
    assert event.decoded("dtstart") == PlannedAction.objects.get(pk=walk.pk).due_on
    words = answer.content.decode()
    assert not [one for one in ("Rose", "Lambert", walk.title, due.title) if one in words]


def test_an_address_renewed_or_closed_opens_nothing_any_more(
    client: Client, town: Town, alice: Actor
) -> None:
    former = renew_feed(alice)
    latter = renew_feed(alice)
    assert feed_of_token(former, alice.at) is None
    assert feed_of_token(latter, alice.at) is not None
    sign_in(client, town.alice)
    assert client.post(reverse("plans:feed_revoke")).url == reverse("plans:feed")
    assert Client().get(reverse("plans:feed_file", args=[latter])).status_code == 404
    revoke_feed(alice)
    assert not CalendarFeed.objects.exists()


def test_who_has_left_has_no_calendar(town: Town, alice: Actor) -> None:
    token = renew_feed(alice)
    end_membership(actor_of(town.gaspard), membership=town.alice, ends_on=alice.today)
    assert feed_of_token(token, alice.at) is not None
    assert feed_of_token(token, alice.at + timedelta(days=1)) is None


def test_who_looks_as_someone_makes_no_address(town: Town, alice: Actor) -> None:
    looking = replace(alice, sides=(alice, actor_of(town.gaspard)), seen_as="Alice Martel")
    with pytest.raises(Refused):
        renew_feed(looking)
