"""Going on with a visit, or putting away the invitation to it."""

from virage.foundation.access.actor import Actor
from virage.foundation.guide.models import VisitProgress
from virage.foundation.guide.rules import Visit


def go_to_step(actor: Actor, *, visit: Visit, step: int) -> None:
    """Keep, for the actor's own account, the step that he goes to; nothing without an account."""
    if actor.account_id is None:
        return
    VisitProgress.objects.update_or_create(
        account_id=actor.account_id,
        visit=visit.key,
        defaults={"step": step, "changed_at": actor.at},
    )


def put_away(actor: Actor, *, visit: Visit) -> None:
    """Invite the actor's own account no more to a visit; nothing without an account."""
    if actor.account_id is None:
        return
    VisitProgress.objects.update_or_create(
        account_id=actor.account_id,
        visit=visit.key,
        defaults={"is_put_away": True, "changed_at": actor.at},
    )
