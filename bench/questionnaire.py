"""A questionnaire of 150 questions, made to be measured: it is shipped to nobody."""

from decimal import Decimal

from virage.foundation.access.enums import Volet
from virage.instruments.rules import shipped
from virage.instruments.rules.given import Given
from virage.instruments.rules.instrument import Instrument, Score
from virage.instruments.rules.items import Group, Item, ItemKind, Option

ID, VERSION = "bench", "1"
GROUPS, EACH = 15, 10
OPTIONS = tuple(
    Option(id=f"level_{level}", label=label, points=Decimal(level))
    for level, label in enumerate(("Jamais", "Parfois", "Souvent", "Toujours"))
)


def instrument() -> Instrument:
    """Return the questionnaire: eight choices, a number and a text under each of 15 headings."""
    groups = tuple(
        Group(id=f"group_{rank}", title=f"Partie {rank + 1}", items=tuple(_items(rank)))
        for rank in range(GROUPS)
    )
    counted = tuple(
        item.id for group in groups for item in group.items if item.kind == ItemKind.CHOICE
    )
    return Instrument(
        id=ID,
        version=VERSION,
        title="Questionnaire de mesure",
        summary="Cent cinquante questions.",
        source="Virage",
        licence="EUPL-1.2",
        volet=Volet.CARE,
        answered_by=("nurse",),
        groups=groups,
        scores=(Score(id="total", label="Total", of=counted),),
    )


def ship() -> None:
    """Let this process find it among the instruments that it knows."""
    shipped._sound(shipped.FOLDER)[f"{ID}/{VERSION}"] = instrument()


def answers(level: int) -> dict[str, Given]:
    """Return an answer to each question, the choices at this level."""
    given = {
        ItemKind.CHOICE: Given(f"level_{level}"),
        ItemKind.NUMBER: Given(Decimal(level)),
        ItemKind.TEXT: Given("Comme la semaine passée."),
    }
    return {name: given[item.kind] for name, item in instrument().items.items()}


def _items(group: int) -> list[Item]:
    kinds = [ItemKind.CHOICE] * (EACH - 2) + [ItemKind.NUMBER, ItemKind.TEXT]
    return [
        Item(
            id=f"item_{group}_{rank}",
            label=f"Question {group * EACH + rank + 1}, telle qu’elle se lit sur une ligne",
            kind=kind,
            options=OPTIONS if kind == ItemKind.CHOICE else (),
            required=kind == ItemKind.CHOICE,
            may_be_unknown=kind == ItemKind.CHOICE,
        )
        for rank, kind in enumerate(kinds)
    ]
