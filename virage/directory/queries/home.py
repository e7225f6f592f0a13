"""What the directory says on the home page, to those who manage it."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.urls import reverse

from virage.directory.models import Account
from virage.directory.queries.people import professionals_of, staff_in
from virage.directory.rules import manager_refusal
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.ui.home import Card, Line
from virage.foundation.ui.numbers import grouped

NO_RECORD = "Votre situation ouvre les comptes et les structures, jamais un dossier."


def home_card(actor: Actor) -> Card | None:
    """Return how many professionals are in post, and whose account waits for its first password.

    None for those who do not manage the directory. Two SQL statements.
    """
    if manager_refusal(actor):
        return None
    waiting = (
        Account.objects.filter(professional__operator=actor.operator_id, is_active=True)
        .filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .select_related("professional")
        .order_by("-date_joined", "id")[:5]
    )
    count = staff_in(actor, professionals_of(actor), state="present").count()
    people = f"{grouped(count)} professionnel{'s' if count > 1 else ''} en poste dans l’organisme."
    return Card(
        title="Annuaire",
        url=reverse("directory:professional_list"),
        icon="book-user",
        summary=f"{people} {NO_RECORD}" if actor.reach == Reach.NOBODY else people,
        lines=tuple(
            Line(
                account.professional.display_name,
                reverse("directory:professional", args=[account.professional_id]),
                "attend son mot de passe",
            )
            for account in waiting
        ),
    )
