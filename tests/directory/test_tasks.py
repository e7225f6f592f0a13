"""The tasks that stopped: seen and taken up by who answers for the whole operator."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.factories.town import Town, actor_of, sign_in
from virage.directory.queries import count_waiting
from virage.foundation.ids import new_id
from virage.foundation.journal.models import JournalEvent
from virage.foundation.outbox.actions import post
from virage.foundation.outbox.enums import MessageState
from virage.foundation.outbox.models import Message


@pytest.fixture
def stopped(town: Town) -> Message:
    """An import that was given up."""
    with transaction.atomic():
        message = post(
            "exchange.import_received",
            key="import:1:0",
            operator_id=town.operator.pk,
            payload={"import_id": str(new_id())},
        )
    given_up = {"state": MessageState.DEAD, "attempts": 8, "last_error": "OperationalError"}
    Message.objects.update(**given_up)
    return message


def test_a_task_that_was_given_up_is_named_and_taken_up(
    client: Client, town: Town, stopped: Message
) -> None:
    sign_in(client, town.gaspard)
    page = client.get(reverse("directory:task_list"))
    assert "Import d’un dossier reçu" in page.text
    assert "Abandonnée" in page.text
    assert str(stopped.pk) in page.text
    assert stopped.payload["import_id"] not in page.text
    taken_up = client.post(reverse("directory:task_retry", args=[stopped.pk]), follow=True)
    assert "sera reprise" in taken_up.text
    assert "Aucune tâche arrêtée" in taken_up.text
    stopped.refresh_from_db()
    assert (stopped.state, stopped.attempts) == (MessageState.PENDING, 0)
    assert JournalEvent.objects.get(action="task.retry").target_id == stopped.pk
    assert count_waiting(actor_of(town.gaspard)) == 1
    assert "1 tâche en attente de son tour" in client.get(reverse("directory:task_list")).text
    again = client.post(reverse("directory:task_retry", args=[stopped.pk]), follow=True)
    assert "déjà été reprise" in again.text


def test_all_that_stopped_is_taken_up_at_once(client: Client, town: Town, stopped: Message) -> None:
    sign_in(client, town.gaspard)
    assert "Tout reprendre" not in client.get(reverse("directory:task_list")).text
    state = {"topic": stopped.topic, "last_error": "SMTPConnectError"}
    own = {**state, "operator_id": town.operator.pk}
    Message.objects.create(**own, key="waits", attempts=3)
    foreign = {**state, "operator_id": town.other_operator.pk, "state": MessageState.DEAD}
    Message.objects.create(**foreign, key="foreign")
    Message.objects.create(**own, key="done", state=MessageState.DONE)
    assert "Tout reprendre" in client.get(reverse("directory:task_list")).text
    url = reverse("directory:task_retry_all")
    assert "dans quelques secondes\u00a0: 2." in client.post(url, follow=True).text
    taken = Message.objects.filter(state=MessageState.PENDING, attempts=0, last_error="")
    assert set(taken.values_list("key", flat=True)) == {stopped.key, "waits"}
    assert JournalEvent.objects.get(action="task.retry").detail == {"count": 2}
    assert "Aucune tâche n’est arrêtée" in client.post(url, follow=True).text
    assert JournalEvent.objects.filter(action="task.retry").count() == 1


def test_one_that_says_no_incident_leaves_no_hole(
    client: Client, town: Town, stopped: Message
) -> None:
    Message.objects.update(last_error="")
    sign_in(client, town.gaspard)
    assert "essais, référence" in client.get(reverse("directory:task_list")).text


def test_those_of_another_operator_do_not_exist(
    client: Client, town: Town, stopped: Message
) -> None:
    Message.objects.update(operator_id=town.other_operator.pk)
    sign_in(client, town.gaspard)
    assert "Aucune tâche arrêtée" in client.get(reverse("directory:task_list")).text
    assert client.post(reverse("directory:task_retry", args=[stopped.pk])).status_code == 404


def test_how_far_a_long_task_has_come_is_shown(
    client: Client, town: Town, stopped: Message
) -> None:
    going = {"state": MessageState.PENDING, "last_error": "", "progress_label": "Vérification"}
    Message.objects.update(**going, progress_done=1200, progress_total=2000)
    sign_in(client, town.gaspard)
    page = client.get(reverse("directory:task_list")).text
    assert "1\xa0200 sur 2\xa0000" in page
    Message.objects.update(operator_id=town.other_operator.pk)
    assert "1\xa0200 sur 2\xa0000" not in client.get(reverse("directory:task_list")).text
