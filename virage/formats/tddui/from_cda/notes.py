"""What several entries share: comments, business status, simple observations."""

import re

from virage.formats.cda.datatypes import coded, resolve
from virage.formats.cda.node import Node
from virage.foundation.coded import Coded

COMMENT = "1.2.250.1.213.1.1.3.32"
INTERNAL_REFERENCE = "1.2.250.1.213.1.1.3.36"
STATUS = "1.2.250.1.213.1.1.3.217"
SIMPLE_OBSERVATION = "1.2.250.1.213.1.1.3.48"
REPORT_HEADING = re.compile(r"compte[ -]?rendu", re.IGNORECASE)


def read_comments(owner: Node) -> tuple[str, list[str]]:
    """The report and the comments of an entry.

    Nothing but the narrative tells a report from a comment: the heading of its column, or the name
    of the block pointed at.
    """
    report, comments = "", []
    for act in owner.by_template("entryRelationship/act", COMMENT):
        act.child("code").recognise()
        text = act.child("text")
        is_report = any(map(REPORT_HEADING.search, _headings(text)))
        words = resolve(text)
        if is_report and not report:
            report = words
        elif words:
            comments.append(words)
    return report, comments


def _headings(text: Node) -> list[str]:
    """What names the block of a text: its identifier, the heading of its column."""
    name = text.child("reference").peek("value").removeprefix("#")
    cell = text.document.blocks.get(name)
    row = None if cell is None else cell.getparent()
    table = None if row is None else next(row.iterancestors("{*}table"), None)
    if cell is None or row is None or table is None:
        return [name]
    headings = Node(text.document, table).children("thead/tr/th")
    place = row.index(cell)
    return [name, *(heading.peek_text() for heading in headings[place : place + 1])]


def latest_status(owner: Node) -> Node:
    """The value of the last business status; the former ones stay unread."""
    statuses = owner.by_template("entryRelationship/observation", STATUS)
    statuses.sort(key=lambda status: status.child("effectiveTime").peek("value"))
    if not statuses:
        return Node(owner.document, None)
    return observed(statuses[-1])


def simple_observations(owner: Node) -> dict[str, list[Node]]:
    """The observations about an entry, by code; a status is one too, and is not listed."""
    found: dict[str, list[Node]] = {}
    for observation in owner.by_template("entryRelationship/observation", SIMPLE_OBSERVATION):
        if not observation.has_template(STATUS):
            code = observation.child("code").peek("code")
            found.setdefault(code, []).append(observation)
    return found


def observed(observation: Node) -> Node:
    """The value of an observation whose code was recognised."""
    observation.child("code").recognise()
    return observation.child("value")


def observed_code(observation: Node) -> Coded:
    """A coded value, with the sender's own words."""
    return coded(observed(observation), resolve(observation.child("text")))
