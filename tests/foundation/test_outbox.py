"""The outbox: each message is treated, once if all goes well, again if not, and never lost."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from virage.foundation.ids import new_id
from virage.foundation.outbox import actions
from virage.foundation.outbox.actions import (
    arm,
    drain,
    forget_done,
    post,
    register,
    take_up_again,
    tell_progress,
)
from virage.foundation.outbox.enums import MessageState, Priority
from virage.foundation.outbox.models import Message
from virage.foundation.outbox.queries import messages_in_progress
from virage.foundation.outbox.rules import KEPT, LEASE, MAX_ATTEMPTS, delay_before

pytestmark = pytest.mark.django_db
TOPIC = "test.topic"
OPERATOR_ID = new_id()
SECRET = "Mme Vasseur, née le 2 mai 1941"


class Handler:
    """Notes what it is given; does what the test says."""

    def __init__(self) -> None:
        self.seen: list[Mapping[str, Any]] = []
        self.act: Callable[[Mapping[str, Any]], object] = lambda payload: None

    def __call__(self, payload: Mapping[str, Any]) -> None:
        self.seen.append(payload)
        self.act(payload)

    def fail(self, payload: Mapping[str, Any]) -> None:
        raise ValueError(SECRET)


@pytest.fixture
def handler(monkeypatch: pytest.MonkeyPatch) -> Iterator[Handler]:
    for registered in ("_handlers", "_labels", "_periods"):
        monkeypatch.setattr(actions, registered, {})
    handler = Handler()
    register(TOPIC, handler, label="Essai")
    return handler


def posted(key: str = "key", topic: str = TOPIC, **columns: object) -> Message:
    with transaction.atomic():
        message = post(topic, key=key, operator_id=OPERATOR_ID, payload={"key": key})
    Message.objects.filter(pk=message.pk).update(**columns)
    return message


def state_of(message: Message) -> tuple[str, int]:
    message.refresh_from_db()
    return message.state, message.attempts


def test_a_message_is_treated_once(handler: Handler) -> None:
    message = posted()
    assert drain() == 1
    assert handler.seen == [{"key": "key"}]
    assert state_of(message) == (MessageState.DONE, 1)
    assert message.done_at is not None
    assert drain() == 0


def test_the_same_key_is_posted_once_even_after_it_is_done(handler: Handler) -> None:
    first = posted()
    drain()
    assert posted().pk == first.pk
    assert drain() == 0
    assert len(handler.seen) == 1


def test_a_message_goes_with_its_data(handler: Handler) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        posted()
        1 / 0  # noqa: B018
    assert drain() == 0


@pytest.mark.django_db(transaction=True)
def test_a_message_is_not_posted_outside_a_transaction() -> None:
    with pytest.raises(RuntimeError, match="dans la transaction"):
        post(TOPIC, key="key", operator_id=OPERATOR_ID, payload={})


def test_the_oldest_due_goes_first_and_the_others_wait(handler: Handler) -> None:
    now = timezone.now()
    for minutes in (-1, 5, -9):
        posted(str(minutes), next_at=now + timedelta(minutes=minutes))
    assert drain() == 2
    assert [payload["key"] for payload in handler.seen] == ["-9", "-1"]


def test_a_failure_keeps_the_message_for_later_and_quotes_nobody(
    handler: Handler, caplog: pytest.LogCaptureFixture
) -> None:
    handler.act = handler.fail
    message, before = posted(), timezone.now()
    assert drain() == 1
    assert state_of(message) == (MessageState.PENDING, 1)
    assert message.last_error == "ValueError"
    assert message.next_at - before >= delay_before(2) - timedelta(seconds=1)
    assert "ValueError" in caplog.text and SECRET not in caplog.text
    assert drain() == 0
    handler.act = lambda payload: None
    Message.objects.update(next_at=before)
    assert drain() == 1
    assert state_of(message) == (MessageState.DONE, 2)


def test_a_message_that_kills_its_worker_each_time_is_given_up(handler: Handler) -> None:
    def die(payload: Mapping[str, Any]) -> None:
        raise KeyboardInterrupt

    handler.act = die
    message = posted()
    for _ in range(MAX_ATTEMPTS):
        Message.objects.update(next_at=timezone.now())
        with pytest.raises(KeyboardInterrupt):
            drain()
    Message.objects.update(next_at=timezone.now())
    assert drain() == 0
    assert state_of(message) == (MessageState.DEAD, MAX_ATTEMPTS)


def test_one_that_fails_does_not_hold_the_others(handler: Handler) -> None:
    handler.act = lambda payload: handler.fail(payload) if payload["key"] == "bad" else None
    bad, good = posted("bad"), posted("good")
    assert drain() == 2
    assert (state_of(bad)[0], state_of(good)[0]) == (MessageState.PENDING, MessageState.DONE)


def test_what_a_failing_handler_wrote_is_undone(handler: Handler) -> None:
    def write_then_fail(payload: Mapping[str, Any]) -> None:
        with transaction.atomic():
            posted("written by the handler")
            handler.fail(payload)

    handler.act = write_then_fail
    message = posted()
    drain()
    assert list(Message.objects.all()) == [message]


def test_a_message_that_always_fails_is_given_up(handler: Handler) -> None:
    handler.act = handler.fail
    message = posted()
    for attempt in range(1, MAX_ATTEMPTS + 1):
        failed_at = timezone.now()
        Message.objects.update(next_at=failed_at)
        drain()
        expected = MessageState.DEAD if attempt == MAX_ATTEMPTS else MessageState.PENDING
        assert state_of(message) == (expected, attempt)
        assert message.next_at - failed_at >= delay_before(attempt + 1)
    Message.objects.update(next_at=timezone.now())
    assert drain() == 0


def test_a_message_that_nobody_treats_is_a_failure(handler: Handler) -> None:
    message = posted(topic="test.unknown")
    drain()
    assert state_of(message) == (MessageState.PENDING, 1)
    assert message.last_error == "KeyError"


def test_a_worker_that_dies_leaves_its_message_to_the_others(handler: Handler) -> None:
    def die(payload: Mapping[str, Any]) -> None:
        raise SystemExit

    handler.act = die
    message = posted()
    with pytest.raises(SystemExit):
        drain()
    handler.act = lambda payload: None
    assert drain() == 0, "the lease keeps the others off"
    message.refresh_from_db()
    minutes_left = (message.next_at - timezone.now()) / timedelta(minutes=1)
    assert minutes_left == pytest.approx(15, abs=1)
    Message.objects.update(next_at=timezone.now())
    assert drain() == 1
    assert state_of(message)[0] == MessageState.DONE
    assert len(handler.seen) == 2


@pytest.mark.parametrize("fails", [False, True])
def test_a_worker_that_outlived_its_lease_says_nothing_of_the_message(
    handler: Handler, fails: bool
) -> None:
    message = posted()
    lease_of_another = timezone.now() + timedelta(minutes=10)

    def outlive_the_lease(payload: Mapping[str, Any]) -> None:
        Message.objects.update(next_at=lease_of_another, attempts=2)
        if fails:
            raise ValueError(SECRET)

    handler.act = outlive_the_lease
    drain()
    assert state_of(message) == (MessageState.PENDING, 2)
    assert (message.next_at, message.done_at, message.last_error) == (lease_of_another, None, "")


def test_delays_double_up_to_an_hour() -> None:
    seconds = [delay_before(attempt).total_seconds() for attempt in range(1, 11)]
    assert seconds == [30, 30, 60, 120, 240, 480, 960, 1920, 3600, 3600]


@pytest.mark.django_db(transaction=True)
def test_two_workers_share_the_messages(handler: Handler) -> None:
    for number in range(20):
        posted(str(number))

    def work() -> int:
        try:
            return drain()
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as workers:
        tried = [worker.result() for worker in [workers.submit(work) for _ in range(2)]]
    assert sum(tried) == 20
    assert sorted(int(payload["key"]) for payload in handler.seen) == list(range(20))
    assert set(Message.objects.values_list("state", flat=True)) == {MessageState.DONE}


def test_who_is_waited_for_goes_first(handler: Handler) -> None:
    posted("long")
    posted("waited for", priority=Priority.URGENT)
    drain()
    assert [one["key"] for one in handler.seen] == ["waited for", "long"]


@pytest.mark.parametrize("last_error", ["", "ValueError"])
def test_what_stopped_is_taken_up_again_once(handler: Handler, last_error: str) -> None:
    state = MessageState.PENDING if last_error else MessageState.DEAD
    in_an_hour = timezone.now() + timedelta(hours=1)
    message = posted(state=state, attempts=5, next_at=in_an_hour, last_error=last_error)
    assert take_up_again(message)
    assert drain() == 1
    assert state_of(message) == (MessageState.DONE, 1)
    assert not take_up_again(message)


def test_what_is_being_treated_is_not_taken_up(handler: Handler) -> None:
    message = posted()
    handler.act = lambda payload: asked.append(take_up_again(message))
    asked: list[bool] = []
    drain()
    assert asked == [False]


def test_what_comes_back_regularly_is_never_given_up(handler: Handler) -> None:
    register("test.every", handler, label="Essai", every=timedelta(minutes=1))
    handler.act = handler.fail
    for _ in range(MAX_ATTEMPTS + 2):
        arm()
        Message.objects.update(next_at=timezone.now())
        assert drain() == 1
    message = Message.objects.get(topic="test.every")
    assert (message.state, message.last_error) == (MessageState.PENDING, "ValueError")
    handler.act = lambda payload: None
    Message.objects.update(next_at=timezone.now())
    drain()
    message.refresh_from_db()
    assert (message.attempts, message.last_error) == (0, "")
    assert message.next_at > timezone.now() + timedelta(seconds=50)


@pytest.mark.parametrize(
    ("every", "stays", "late"),
    # What comes back is given the time of a lease more: a worker may just have taken it.
    [(None, 1, 0), (timedelta(hours=8), 8, LEASE / timedelta(hours=1))],
)
def test_a_clock_set_back_does_not_stop_the_work(
    handler: Handler, every: timedelta | None, stays: int, late: float
) -> None:
    """What a clock that was ahead has dated is due, but not what waits as it should."""
    register(TOPIC, handler, label="Essai", every=every)
    message = posted(TOPIC)
    for hours, tried in ((stays - 0.1, 0), (stays + late + 0.1, 1)):
        Message.objects.update(next_at=timezone.now() + timedelta(hours=hours))
        arm()
        assert drain() == tried
    assert message.key == TOPIC


def test_another_worker_that_arms_leaves_what_was_just_taken(
    handler: Handler, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its `now` was read before the first worker took the message."""
    register("test.every", handler, label="Essai", every=timedelta(minutes=1))
    arm()
    before, taken_again = timezone.now(), []

    def meanwhile(payload: Mapping[str, Any]) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(actions.timezone, "now", lambda: before)
            arm()
        taken_again.append(actions._claim(timezone.now()))

    handler.act = meanwhile
    assert drain() == 1
    assert taken_again == [None]


def test_what_is_done_is_forgotten_later_but_not_what_was_given_up(handler: Handler) -> None:
    long_ago = timezone.now() - KEPT - timedelta(hours=1)
    posted("old", state=MessageState.DONE, done_at=long_ago)
    posted("new", state=MessageState.DONE, done_at=timezone.now())
    posted("dead", state=MessageState.DEAD, created_at=long_ago)
    forget_done({})
    assert set(Message.objects.values_list("key", flat=True)) == {"new", "dead"}


def test_asked_to_stop_a_worker_ends_with_its_message(handler: Handler) -> None:
    first, second = posted("1"), posted("2")
    assert drain(lambda: bool(handler.seen)) == 1
    assert [state_of(one)[0] for one in (first, second)] == ["done", "pending"]


def test_a_long_work_tells_how_far_it_has_come_and_keeps_its_lease(handler: Handler) -> None:
    message = posted()

    def work(payload: Mapping[str, Any]) -> None:
        Message.objects.update(created_at=timezone.now())
        tell_progress("Lecture", 2, 5)
        message.refresh_from_db()
        seen.append((message.progress_label, message.progress_done, message.progress_total))
        assert list(messages_in_progress(OPERATOR_ID)) == [message]

    seen: list[tuple[str, int, int]] = []
    handler.act = work
    drain()
    assert seen == [("Lecture", 2, 5)]
    assert state_of(message)[0] == MessageState.DONE
    assert message.progress_label == ""
    tell_progress("Hors de tout message")


def test_a_work_that_another_worker_has_taken_stops_there(handler: Handler) -> None:
    def outlive_the_lease(payload: Mapping[str, Any]) -> None:
        Message.objects.update(next_at=timezone.now() + timedelta(minutes=10))
        tell_progress("Lecture", 1, 2)
        done.append(True)

    done: list[bool] = []
    handler.act = outlive_the_lease
    message = posted()
    drain()
    assert not done
    assert (state_of(message), message.last_error) == ((MessageState.PENDING, 1), "")
