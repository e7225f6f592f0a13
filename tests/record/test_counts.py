"""Numbers alone tell no more than the page of the volet would."""

from django.test import Client
from django.urls import reverse

from tests.factories import drafts
from tests.factories.town import Town, actor_of, sign_in
from virage.documents.actions import add_document
from virage.documents.enums import Confidentiality
from virage.foundation.access.enums import Volet
from virage.foundation.journal.models import JournalEvent
from virage.persons.models import Person


def test_what_is_confided_to_others_is_not_counted(
    client: Client, town: Town, rose: Person
) -> None:
    for level in Confidentiality:
        draft = drafts.document(rose, volet=Volet.MEDICAL, confidentiality=level)
        add_document(actor_of(town.denis), draft=draft)
    sign_in(client, town.diane)
    shown = client.get(reverse("record:volet", args=[rose.pk, "medical"]))
    assert shown.context["counts"]["Documents"] == 1
    assert JournalEvent.objects.latest("id").action == "record.counts"
