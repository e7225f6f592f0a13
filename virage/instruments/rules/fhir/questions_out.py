"""An instrument, made a FHIR Questionnaire: its questions travel, its scores do not."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from virage.formats.fhir.names import UNITS
from virage.formats.fhir.questionnaire import (
    DISPLAY,
    GROUP,
    AnswerOption,
    EnableWhen,
    Question,
    Questionnaire,
    Typed,
)
from virage.formats.outcome import Finding
from virage.foundation.coded import Coded
from virage.instruments.rules.fhir.conditions import Unsayable, conditions_of
from virage.instruments.rules.fhir.kinds import DECIMALS, NO, OURS, YES
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import Group, Item, ItemKind, When

Node = Group | Item


def questionnaire_of(instrument: Instrument) -> tuple[Questionnaire, list[Finding]]:
    """Return the questionnaire, and what FHIR R4 has no words for: scores, some conditions."""
    writer = _Writer(instrument)
    writer.place()
    questionnaire = Questionnaire(
        url=address_of(instrument),
        version=instrument.version,
        title=instrument.title,
        status="active",
        description=instrument.summary,
        copyright=instrument.licence,
        starts_on=instrument.valid_from,
        ends_on=instrument.valid_until,
        source=instrument.source,
        again_after_days=instrument.again_after_days,
        is_total_only=instrument.is_total_only,
        items=(*_notices(instrument), *writer.below("")),
    )
    if instrument.scores:
        names = ", ".join(score.id for score in instrument.scores)
        writer.findings.append(Finding("scores_not_sent", "Questionnaire", names))
    return questionnaire, writer.findings


def address_of(instrument: Instrument) -> str:
    """Return the address of the questionnaire of an instrument; a received one has it as its id."""
    return instrument.id if ":" in instrument.id else f"{OURS}{instrument.id}"


def _notices(instrument: Instrument) -> Iterator[Question]:
    for number, notice in enumerate(instrument.notices, start=1):
        yield Question(link_id=f"notice.{number}", type=DISPLAY, text=notice)


@dataclass
class _Writer:
    instrument: Instrument
    findings: list[Finding] = field(default_factory=list)
    nodes: dict[str, list[Node]] = field(default_factory=lambda: defaultdict(list))

    def place(self) -> None:
        """Put each group and each item under what it stands in."""
        homes: dict[str, str] = {}
        for group in self.instrument.groups:
            home = homes.get(group.within, group.within)
            if group.title or group.when:
                self.nodes[home].append(group)
                home = group.id
            homes[group.id] = home
            for item in group.items:
                self.nodes[item.under or home].append(item)

    def below(self, name: str) -> tuple[Question, ...]:
        return tuple(
            self._group(node) if isinstance(node, Group) else self._item(node)
            for node in self.nodes.get(name, [])
        )

    def _group(self, group: Group) -> Question:
        behavior, conditions = self._conditions(group.when, group.id)
        return Question(
            link_id=group.id,
            type=GROUP,
            text=group.title,
            behavior=behavior,
            conditions=conditions,
            items=(*_help(group.id, group.help), *self.below(group.id)),
        )

    def _item(self, item: Item) -> Question:
        behavior, conditions = self._conditions(item.when, item.id)
        columns = tuple(self._item(column) for column in item.columns)
        return replace(
            self._bare(item),
            text=item.label,
            required=item.required or None,
            repeats=item.kind in (ItemKind.MULTIPLE, ItemKind.TABLE) or None,
            codes=(Coded(item.system, item.code),) if item.code else (),
            behavior=behavior,
            conditions=conditions,
            unit=Coded(UNITS, item.unit) if item.unit else Coded(),
            least=item.at_least,
            most=item.at_most,
            places=item.decimals if item.decimals not in (0, DECIMALS) else None,
            may_be_unknown=item.may_be_unknown,
            may_not_apply=item.may_not_apply,
            may_be_commented=item.may_be_commented,
            items=(*_help(item.id, item.help), *columns, *self.below(item.id)),
        )

    def _bare(self, item: Item) -> Question:
        """What a condition needs to know of it."""
        type_ = type_of(item)
        options = () if type_ == "boolean" else tuple(self._options(item))
        return Question(link_id=item.id, type=type_, options=options)

    def _options(self, item: Item) -> Iterator[AnswerOption]:
        """Give its answers, with the code of a published list, or else the id in a list of ours."""
        for option in item.options:
            system = option.system if option.code else f"{OURS}{self.instrument.id}:{item.id}"
            value = Coded(system, option.code or option.id, option.label)
            yield AnswerOption(Typed("Coding", value), option.points)

    def _conditions(self, when: When | None, name: str) -> tuple[str, tuple[EnableWhen, ...]]:
        try:
            return conditions_of(when, lambda of: self._bare(self.instrument.items[of]))
        except Unsayable:
            self.findings.append(Finding("condition_not_sent", name))
            return "", ()


def type_of(item: Item) -> str:
    """Return FHIR's name for how an item is answered."""
    match item.kind:
        case ItemKind.CHOICE if item.options == (YES, NO):
            return "boolean"
        case ItemKind.CHOICE | ItemKind.MULTIPLE:
            return "choice"
        case ItemKind.NUMBER:
            return "decimal" if item.decimals else "integer"
        case ItemKind.DATE:
            return "date"
        case ItemKind.TEXT:
            return "text"
    return GROUP


def _help(name: str, text: str) -> Iterator[Question]:
    if text:
        yield Question(link_id=f"{name}.help", type=DISPLAY, text=text, is_help=True)
