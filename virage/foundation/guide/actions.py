"""Going on with a visit."""

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
