"""The versions of the matrix of an operator, and what a draft would have changed in the past."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet

from virage.directory.enums import Effect
from virage.directory.models import Establishment
from virage.directory.rules import DIRECTOR
from virage.directory.rules.matrix import COLUMNS, effects_of, touched_by
from virage.foundation.access.actor import Actor
from virage.foundation.access.enums import Reach, Verb
from virage.foundation.access.matrix import Matrix, profession_label
from virage.foundation.access.models import MatrixVersion
from virage.foundation.content import nomenclature
from virage.foundation.errors import Refused
from virage.foundation.journal.models import JournalEvent, JournalLine

# How far back a draft may be tried; the first one is offered first.
PERIODS_DAYS = (30, 7, 90)
# No more events than these, the latest, are gone through; the page says so. Lists are left out:
# they show no volet.
MOST_EVENTS = 50_000
LISTS = ("person.list", "person.search", "person.look_alikes")
NAMED = 5


@dataclass
class Touched:
    """The past reads that a change would have touched: whose, by which gestures, how many."""

    profession: str
    column: str
    effect: Effect
    count: int = 0
    names: Counter[str] = field(default_factory=Counter)
    gestures: Counter[str] = field(default_factory=Counter)

    def add(self, name: str, gesture: str, count: int) -> None:
        """Count this many reads more, by the same person and the same gesture."""
        self.count += count
        self.names[name] += count
        self.gestures[gesture] += count

    @property
    def profession_label(self) -> str:
        """The French name of the profession."""
        return profession_label(self.profession)

    @property
    def column_label(self) -> str:
        """The heading of the volet, or the verb in words."""
        return COLUMNS.get(self.column) or Verb(self.column).label.capitalize()

    @property
    def people(self) -> str:
        """Name those who read the most: « Alice Martel, Bob Petit et 3 autres »."""
        first = ", ".join(name for name, _ in self.names.most_common(NAMED))
        others = len(self.names) - NAMED
        return f"{first} et {others} autre{'s' * (others > 1)}" if others > 0 else first

    @property
    def told_gestures(self) -> str:
        """Name the gestures of the journal, each with its count: « Chronologie lue (12) »."""
        words = nomenclature.get("gesture")
        return ", ".join(f"{words.label(one)} ({n})" for one, n in self.gestures.most_common())


@dataclass(frozen=True)
class Simulation:
    """What a draft would have changed in the reads of the last days.

    `since` is the first read gone through; `is_cut` says that there were more before it.
    """

    since: datetime | None
    is_cut: bool
    rows: list[Touched]


def rights_refusal(actor: Actor) -> Refused | None:
    """Return why the actor may not decide of the matrix, or None when he may.

    It holds in the whole operator. Its direction decides; so does that of an establishment as long
    as the operator has no other: one SQL count, asked for nobody else.
    """
    if actor.profession == DIRECTOR and _answers_for_all(actor):
        return None
    return Refused(
        "matrix_keeper",
        "Le tableau des droits vaut pour tout l’organisme\u00a0: seule la direction qui répond de "
        "tout l’organisme le lit et le change.",
        whom_to_ask="la direction de l’organisme gestionnaire",
    )


def require_rights(actor: Actor) -> None:
    """Raise `Refused` unless the actor may decide of the matrix (`rights_refusal`)."""
    if refused := rights_refusal(actor):
        raise refused


def _answers_for_all(actor: Actor) -> bool:
    if actor.reach == Reach.ESTABLISHMENT:
        return Establishment.objects.filter(operator=actor.operator_id).count() == 1
    return actor.reach == Reach.OPERATOR


def versions_of(actor: Actor) -> QuerySet[MatrixVersion]:
    """Return the versions put in force at the actor's operator, the latest first.

    Refused to whoever may not decide of it (`rights_refusal`).
    """
    require_rights(actor)
    mine = MatrixVersion.objects.filter(operator_id=actor.operator_id)
    return mine.filter(number__isnull=False).order_by("-number")


def draft_of(actor: Actor) -> MatrixVersion | None:
    """Return the draft of the actor's operator, if there is one; Refused as `versions_of`."""
    require_rights(actor)
    return MatrixVersion.objects.filter(operator_id=actor.operator_id, number=None).first()


def find_version(actor: Actor, number: int) -> tuple[MatrixVersion | None, MatrixVersion | None]:
    """Return a version and the one before it; None is version 0, that of the file.

    Refused as `versions_of`, and hidden when the actor's operator has no such version.
    """
    found = {one.number: one for one in versions_of(actor)}
    if number and number not in found:
        raise Refused.hidden()
    return found.get(number), found.get(number - 1)


def simulate(actor: Actor, draft: MatrixVersion, *, days: int) -> Simulation:
    """Return what the draft would have changed in the reads of these days, by those it changes.

    Two SQL statements, over the last `MOST_EVENTS` events at most. Refused as `versions_of`.
    """
    require_rights(actor)
    effects = effects_of(actor.matrix, Matrix(draft.cells))
    if not effects:
        return Simulation(since=None, is_cut=False, rows=[])
    latest = _latest_reads(actor, days, list(effects))
    bounds = latest.aggregate(count=Count("pk"), since=Min("at"))
    return Simulation(
        since=bounds["since"],
        is_cut=bounds["count"] == MOST_EVENTS,
        rows=_counted(effects, latest),
    )


def _latest_reads(actor: Actor, days: int, professions: list[str]) -> QuerySet[JournalEvent]:
    """Return the last reads of these professions during these days, lists left out."""
    reads = JournalEvent.objects.filter(
        operator_id=actor.operator_id,
        is_write=False,
        at__gte=actor.at - timedelta(days=days),
        profession__in=professions,
    ).exclude(action__in=LISTS)
    return reads.order_by("-at", "-pk")[:MOST_EVENTS]


def _counted(
    effects: dict[str, dict[str, Effect]], latest: QuerySet[JournalEvent]
) -> list[Touched]:
    """Return a row for each cell that changes, with the past reads that it touches."""
    rows = {
        (profession, column): Touched(profession, column, effect)
        for profession, columns in effects.items()
        for column, effect in columns.items()
    }
    lines = JournalLine.objects.filter(event__in=latest.values("pk"))
    by = ("event__profession", "event__action", "event__actor_name", "volets")
    alike = lines.order_by().values_list(*by).annotate(count=Count("pk")).order_by(*by)
    for profession, action, name, volets, count in alike:
        for column in touched_by(action, set(volets.split(",")) - {""}, effects[profession]):
            rows[profession, column].add(name, action, count)
    return list(rows.values())
