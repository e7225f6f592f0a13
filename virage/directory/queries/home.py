"""What the directory says on the home page: to those who manage it, and to whoever is new."""

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.urls import reverse

from virage.directory.models import Account
from virage.directory.rules import manager_refusal
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach
from virage.foundation.guide.queries import visit_of
from virage.foundation.ui.home import Card, Line

WHAT_IT_HOLDS = "Structures, professionnels, comptes et situations."
NO_RECORD = "Votre situation ouvre les comptes et les structures, jamais un dossier."


def visit_card(actor: Actor, step: int | None) -> Card | None:
    """Return the invitation to the visit of the actor's trade at this step; None without one, and
    for who looks as someone else does. No SQL statement.
    """
    visit = None if actor.sides else visit_of(actor)
    if visit is None or step is None:
        return None
    begun = f"Vous en êtes à l’étape {step + 1} sur {len(visit.steps)}."
    return Card(
        title="Visite guidée",
        url=reverse("guide:visit"),
        icon="compass",
        summary=begun if step else "Vous découvrez Virage ? Dix minutes, sur de vraies pages.",
        put_away_url=reverse("guide:put_away"),
    )


def home_card(actor: Actor) -> Card | None:
    """Return the way to the directory, and whose account waits for its first password.

    None for those who do not manage the directory. One SQL statement.
    """
    if manager_refusal(actor):
        return None
    waiting = (
        Account.objects.filter(professional__operator=actor.operator_id, is_active=True)
        .filter(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        .select_related("professional")
        .order_by("-date_joined", "id")[:5]
    )
    return Card(
        title="Annuaire",
        url=reverse("directory:professional_list"),
        icon="book-user",
        summary=NO_RECORD if actor.reach == Reach.NOBODY else WHAT_IT_HOLDS,
        lines=tuple(
            Line(
                account.professional.display_name,
                reverse("directory:professional", args=[account.professional_id]),
                "attend son mot de passe",
            )
            for account in waiting
        ),
    )
