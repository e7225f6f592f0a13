"""A FHIR Questionnaire, made an instrument: what we cannot ask is told, with its place.

Who reads the answers and who may give them are decided here, never by the file. Each question keeps
its linkId; an address of ours gives the id of the instrument, any other one is the id.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from virage.formats.fhir.questionnaire import DISPLAY, GROUP, Question, Questionnaire
from virage.formats.outcome import Finding, Unreadable
from virage.foundation.access.enums import Volet
from virage.instruments.rules.fhir.conditions import Unsayable, when_of
from virage.instruments.rules.fhir.kinds import (
    DECIMALS,
    NO,
    OURS,
    YES,
    is_simplified,
    kind_of,
    label_of,
    options_of,
)
from virage.instruments.rules.instrument import Instrument
from virage.instruments.rules.items import Group, Item, ItemKind, Option, When


def instrument_of(
    questionnaire: Questionnaire, *, volet: Volet, answered_by: tuple[str, ...]
) -> tuple[Instrument, list[Finding]]:
    """Return the instrument and what is told of it; Unreadable when it has no address (its id)."""
    if not questionnaire.url:
        raise Unreadable(Finding("missing_required", "Questionnaire.url"))
    reader = _Reader()
    reader.walk(questionnaire.items, "Questionnaire")
    try:
        instrument = Instrument(
            id=questionnaire.url.removeprefix(OURS),
            version=questionnaire.version,
            title=questionnaire.title or questionnaire.name or questionnaire.url,
            summary=questionnaire.description,
            source=questionnaire.source,
            licence=questionnaire.copyright,
            volet=volet,
            answered_by=answered_by,
            groups=tuple(draft.group() for draft in reader.drafts),
            valid_from=questionnaire.starts_on,
            valid_until=questionnaire.ends_on,
            again_after_days=questionnaire.again_after_days,
            is_total_only=questionnaire.is_total_only,
            notices=_displayed(questionnaire.items),
        )
    except ValueError as error:
        raise Unreadable(Finding("resource_invalid", "Questionnaire", str(error))) from error
    return instrument, reader.findings


def _displayed(questions: Sequence[Question]) -> tuple[str, ...]:
    return tuple(question.text for question in questions if question.type == DISPLAY)


@dataclass
class _Draft:
    """A group being filled; without a title, for questions that stand under no heading."""

    id: str
    within: str
    title: str = ""
    help: str = ""
    when: When | None = None
    items: list[Item] = field(default_factory=list)

    def group(self) -> Group:
        return Group(
            id=self.id,
            title=self.title,
            items=tuple(self.items),
            when=self.when,
            help=self.help,
            within=self.within,
        )


@dataclass
class _Reader:
    """Goes through the questions in order; `asked` are those that a condition may be about."""

    drafts: list[_Draft] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    asked: dict[str, tuple[Question, ItemKind]] = field(default_factory=dict)
    level: str | None = None

    def walk(
        self, questions: Sequence[Question], path: str, level: str = "", under: str = ""
    ) -> None:
        """Read questions that stand at one level: in a group, under a question, or at the top."""
        for number, question in enumerate(questions):
            place = f"{path}.item[{number}]"
            if question.type == DISPLAY:
                if question.conditions:
                    self._tell("condition_not_kept", f"{place}.enableWhen")
            elif question.type == GROUP and not question.repeats:
                self._open(question, place, under or level)
            else:
                self._add(question, place, level, under)

    def _open(self, question: Question, place: str, within: str) -> None:
        when, _ = self._when(question, place)
        title = question.text or question.link_id
        help_ = "\n".join(_displayed(question.items))
        self.drafts.append(_Draft(question.link_id, within, title, help_, when))
        self.level = question.link_id
        self.walk(question.items, place, level=question.link_id)

    def _add(self, question: Question, place: str, level: str, under: str) -> None:
        item = self._item(question, place, under)
        if item is None:
            return
        if self.level != level:
            self.drafts.append(_Draft(f"from {item.id}", level))
            self.level = level
        self.drafts[-1].items.append(item)
        self.asked[item.id] = (question, item.kind)
        if item.kind != ItemKind.TABLE:
            self.walk(question.items, place, level=level, under=item.id)

    def _item(self, question: Question, place: str, under: str = "") -> Item | None:
        kind = kind_of(question)
        columns = self._columns(question, place) if kind == ItemKind.TABLE else ()
        if kind is None or (kind == ItemKind.TABLE and not columns):
            self._tell("question_not_askable", place, question.type)
            return None
        self._tell_simpler(question, kind, place)
        when, is_understood = self._when(question, place)
        code = question.codes[0] if question.codes else None
        is_number = kind == ItemKind.NUMBER
        return Item(
            id=question.link_id,
            label=question.text or (code.label if code else "") or question.link_id,
            kind=kind,
            help="\n".join(_displayed(question.items)),
            options=_options(question),
            columns=columns,
            unit=question.unit.code,
            at_least=question.least if is_number else None,
            at_most=question.most if is_number else None,
            decimals=_decimals(question),
            # Nobody is made to answer what may not be asked of them.
            required=bool(question.required) and is_understood,
            may_not_apply=question.may_not_apply,
            may_be_unknown=question.may_be_unknown,
            may_be_commented=question.may_be_commented,
            when=when,
            code=code.code if code else "",
            system=code.system if code else "",
            under=under,
        )

    def _tell_simpler(self, question: Question, kind: ItemKind, place: str) -> None:
        below = [one for one in question.items if one.type != DISPLAY]
        if is_simplified(question) or (kind == ItemKind.MULTIPLE and below):
            self._tell("question_simplified", place, question.type)
        for number in range(1, len(question.codes)):
            self._tell("part_not_understood", f"{place}.code[{number}]")

    def _columns(self, table: Question, place: str) -> tuple[Item, ...]:
        """Return what each row asks: questions alone, always asked."""
        columns = []
        for number, question in enumerate(table.items):
            path = f"{place}.item[{number}]"
            if question.type == DISPLAY:
                continue
            has_more = any(one.type != DISPLAY for one in question.items)
            if question.type == GROUP or has_more:
                self._tell("question_not_askable", path, question.type)
            elif column := self._item(question, path):
                columns.append(column)
        return tuple(columns)

    def _when(self, question: Question, place: str) -> tuple[When | None, bool]:
        """Return the condition, and whether it was understood; what was not is told."""
        try:
            return when_of(question, self.asked), True
        except Unsayable:
            self._tell("condition_not_kept", f"{place}.enableWhen")
            return None, False

    def _tell(self, code: str, path: str, value: str = "") -> None:
        self.findings.append(Finding(code, path, value))


def _options(question: Question) -> tuple[Option, ...]:
    if question.type == "boolean":
        return (YES, NO)
    return tuple(
        Option(
            id=name,
            label=label_of(option),
            points=option.points,
            **_code(option.value.value),
        )
        for name, option in options_of(question).items()
    )


def _code(value: object) -> dict[str, str]:
    system, code = getattr(value, "system", ""), getattr(value, "code", "")
    return {} if system.startswith(OURS) else {"system": system, "code": code}


def _decimals(question: Question) -> int:
    if question.type not in ("decimal", "quantity"):
        return 0
    return DECIMALS if question.places is None else question.places
