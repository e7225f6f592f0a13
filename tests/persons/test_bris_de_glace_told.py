"""Who is told of a bris de glace when the relay does not know everybody."""

from smtplib import SMTPRecipientsRefused
from typing import Any

from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from tests.factories.people import welcome
from tests.factories.town import Town, actor_of
from virage.directory.models import Operator
from virage.foundation.outbox.actions import drain
from virage.foundation.outbox.enums import MessageState
from virage.foundation.outbox.models import Message
from virage.foundation.outbox.rules import MAX_ATTEMPTS
from virage.persons import actions


class Refusing(EmailBackend):
    """A relay that does not know one address."""

    def send_messages(self, messages: Any) -> int:
        if messages[0].to == ["left@quatrevents.example"]:
            raise SMTPRecipientsRefused({})
        return super().send_messages(messages)


def test_an_address_refused_keeps_no_other_from_being_told_nor_has_it_told_twice(
    town: Town, settings: Any
) -> None:
    louise = welcome(town, "Louise Bernard", town.ehpad, town.unit_b)
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    addresses = ["dpo", "left", "other"]
    told = ", ".join(f"{name}@quatrevents.example" for name in addresses)
    Operator.objects.filter(pk=town.operator.pk).update(privacy_emails=told)
    actions.break_the_glass(
        actor_of(town.alice), person_id=louise.pk, motive="fall", reason="Chute dans le couloir."
    )
    for _ in range(MAX_ATTEMPTS + 1):
        drain()
        Message.objects.update(next_at=timezone.now())
    assert [sent.to[0].partition("@")[0] for sent in mail.outbox] == ["dpo", "other"]
    (refused,) = Message.objects.filter(state=MessageState.DEAD)
    assert refused.payload["address"].startswith("left@")
