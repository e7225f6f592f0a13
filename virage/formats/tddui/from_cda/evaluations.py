"""The evaluations: section FR-Statut-fonctionnel, one group of entries for each type."""

from virage.formats.cda.datatypes import coded, day, is_lone_day, moment, number, resolve, truth
from virage.formats.cda.node import Node
from virage.formats.tddui.from_cda.draft import Draft
from virage.formats.tddui.from_cda.notes import (
    INTERNAL_REFERENCE,
    latest_status,
    read_comments,
)
from virage.formats.tddui.identifiers import ItemKind
from virage.formats.tddui.record import Answer, Evaluation

GROUP = "1.2.250.1.213.1.1.3.95"
EVALUATION = "1.2.250.1.213.1.1.3.25"
COMPONENT = "1.2.250.1.213.1.1.3.214"
CRITERION = "1.2.250.1.213.1.1.3.220"
STATUSES = {"ENPREPARATION": "in-progress", "TERMINE": "completed"}
CODED_TYPES = {"CD", "CE", "CV", "CO"}
DECIMAL_TYPES = {"REAL", "PQ"}
TEXT_TYPES = {"ST", "ED"}


def read_evaluations(draft: Draft, section: Node) -> None:
    """Every evaluation of the section; the group says again what each of them says."""
    for group in section.by_template("entry/organizer", GROUP):
        evaluations = group.by_template("component/observation", EVALUATION)
        for entry in evaluations:
            draft.record.evaluations.append(_read_evaluation(draft, entry))
            _read_group(group, entry)


def _read_group(group: Node, entry: Node) -> None:
    if group.child("code").peek("code") == entry.child("code").peek("code"):
        group.child("code").recognise()
    if group.child("effectiveTime").peek("value") == entry.child("effectiveTime").peek("value"):
        group.child("effectiveTime").take()


def _read_evaluation(draft: Draft, entry: Node) -> Evaluation:
    identifier = draft.identifier(entry, ItemKind.EVALUATION)
    kind = coded(entry.child("code"))
    when = entry.child("effectiveTime")
    nobody = Node(entry.document, None)
    evaluation = Evaluation(
        key=draft.key(entry, identifier.value if identifier else ""),
        path=entry.path,
        identifier=identifier,
        questionnaire=kind.code,
        type=kind,
        title=resolve(entry.child("text")) or kind.label,
        authored_on=day(when) if is_lone_day(when) else None,
        authored_at=None if is_lone_day(when) else moment(when),
        author=draft.professional(entry.child("author/assignedAuthor"), nobody),
        source=draft.professional(entry.child("performer/assignedEntity"), nobody),
    )
    entry.own(evaluation.key)
    draft.aim(entry, evaluation)
    _read_status(evaluation, entry)
    report, comments = read_comments(entry)
    evaluation.comment = "\n".join(text for text in [report, *comments] if text)
    evaluation.answers = _read_answers(entry, evaluation)
    for reference in entry.by_template("entryRelationship/act", INTERNAL_REFERENCE):
        draft.pointers.append((evaluation, reference))
    return evaluation


def _read_status(evaluation: Evaluation, entry: Node) -> None:
    """FHIR's status; « validé » and « approuvé » have none of their own and are left over."""
    status = latest_status(entry)
    code = status.peek("code")
    if code in STATUSES:
        status.recognise()
    evaluation.status = STATUSES.get(code, "completed")


def _read_answers(entry: Node, evaluation: Evaluation) -> list[Answer]:
    """The components, below the result when the grid has one, as the FHIR grids do."""
    components = entry.by_template("entryRelationship/observation", COMPONENT)
    answers = [_read_answer(component, "") for component in components]
    if not entry.child("value").peek("code"):
        return answers
    return [
        Answer(
            link_id=evaluation.type.code,
            text=evaluation.title,
            code=evaluation.type,
            value=coded(entry.child("value")),
            value_kind="Coding",
            children=answers,
        )
    ]


def _read_answer(component: Node, above: str) -> Answer:
    code = coded(component.child("code"))
    answer = Answer(link_id=f"{above}{code.code}", text=_label(component, code.label), code=code)
    _read_value(component.child("value"), answer)
    criteria = component.by_template("entryRelationship/observation", CRITERION)
    answer.children = [_read_answer(each, f"{answer.link_id}.") for each in criteria]
    return answer


def _label(component: Node, label: str) -> str:
    """The question: the code says it, for the narrative may hold the answer (« Oui »)."""
    return label or resolve(component.child("text"))


def _read_value(value: Node, answer: Answer) -> None:
    if value.type in CODED_TYPES and value.peek("code"):
        answer.value, answer.value_kind = coded(value), "Coding"
    elif value.type == "BL":
        answer.value, answer.value_kind = truth(value), "boolean"
    elif value.type == "INT":
        amount = number(value)
        answer.value, answer.value_kind = (None if amount is None else int(amount)), "integer"
    elif value.type in DECIMAL_TYPES:
        answer.value, answer.value_kind = number(value), "decimal"
    elif value.type in TEXT_TYPES:
        answer.value, answer.value_kind = resolve(value) or None, "string"
    if answer.value is None:
        answer.value_kind = ""
