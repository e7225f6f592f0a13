"""Signing in, choosing a situation, leaving."""

import pytest
from django.core import mail
from django.test import Client

from tests.factories.town import PASSWORD, Town, actor_of, sign_in
from virage.directory import actions, queries
from virage.directory.models import Membership
from virage.foundation.journal.models import JournalEvent
from virage.foundation.outbox.actions import drain


def _connect(client: Client, membership: Membership):
    account = membership.professional.account
    return client.post("/connexion/", {"login": account.email.upper(), "password": PASSWORD})


def test_one_situation_is_chosen_by_signing_in(client: Client, town: Town) -> None:
    response = _connect(client, town.alice)
    assert response.url == "/"
    page = client.get("/")
    assert page.status_code == 200
    assert page.wsgi_request.actor.membership_id == town.alice.pk
    assert "EHPAD Les Tilleuls" in page.text
    assert JournalEvent.objects.filter(action="choose_situation").count() == 1
