"""Help and visits: their texts, and one's own progress."""

from virage.foundation.access.actor import Actor
from virage.foundation.content.loader import load
from virage.foundation.guide.models import VisitProgress
from virage.foundation.guide.rules import Help, Topic, Visit, Visits


def every_help() -> Help:
    """Return all the help, read once a process; no SQL statement."""
    return load("help", "pages", Help)


def help_for(door: str) -> Topic | None:
    """Return the help of a door, or None for one without a page."""
    return every_help().topic_for(door)


def visit_of(actor: Actor) -> Visit | None:
    """Return the visit of the actor's profession, or None."""
    return load("help", "visits", Visits).visit_for(actor.profession)


def own_step(actor: Actor, visit: Visit) -> int:
    """Return the step at which the actor's account left the visit, 0 before. One SQL statement."""
    if actor.account_id is None:
        return 0
    steps = VisitProgress.objects.filter(account_id=actor.account_id, visit=visit.key)
    return min(steps.values_list("step", flat=True).first() or 0, len(visit.steps))


def step_invited_to(actor: Actor) -> int | None:
    """Return the step at which the actor is invited to the visit of his trade; None once it was
    followed to its end, or the invitation put away. One SQL statement.
    """
    visit = visit_of(actor)
    if visit is None or actor.account_id is None:
        return None
    own = VisitProgress.objects.filter(account_id=actor.account_id, visit=visit.key)
    step, is_put_away = own.values_list("step", "is_put_away").first() or (0, False)
    return None if is_put_away or step >= len(visit.steps) else step
