"""« Qui a vu » has a word for each gesture that a room journals on a record, and for no other."""

import ast
import re
from typing import get_args

from tests.house.source import Source, sources
from virage.foundation.content import nomenclature
from virage.foundation.workflow.tables import every_workflow, table_of
from virage.persons.models import PersonItem

ROOMS = {
    *("instruments", "plans", "agenda", "documents", "persons", "record", "exchange", "editions"),
}
VERB = re.compile(r"[a-z_]+\.[a-z_]+")
# An import that waits is nobody's yet, and these are names of messages, and of a key.
ON_NO_RECORD = {
    *("import.receive", "import.held", "import.settle", "import.discard", "import.refused"),
    *("calendar_feed.renew", "calendar_feed.revoke", "plans.remind", "plans.tell_due"),
    *("exchange.import_received", "editions.prepare", "received_item.key"),
}
# The directory is nobody's record.
WORKFLOWS = set(every_workflow()) - {"directory_import"}
# Those that the code composes: of what surrounds a person, and of the steps of a workflow.
COMPOSED = {
    *(
        f"{kind._meta.model_name}.{v}"
        for kind in get_args(PersonItem)
        for v in ("add", "update", "remove")
    ),
    *(f"{name}.{step.verb}" for name in WORKFLOWS for step in table_of(name).steps),
}


def _is_told(source: Source) -> bool:
    return source.parts[0] in ROOMS and source.parts[1] in ("actions", "queries")


def _verbs(source: Source) -> set[str]:
    """Return the verbs that a file writes."""
    constants = (node for node in ast.walk(source.tree) if isinstance(node, ast.Constant))
    return {n.value for n in constants if isinstance(n.value, str) and VERB.fullmatch(n.value)}


def test_each_gesture_on_a_record_has_its_words() -> None:
    written = set[str]().union(*(_verbs(source) for source in sources() if _is_told(source)))
    assert nomenclature.get("gesture").labels().keys() == (written | COMPOSED) - ON_NO_RECORD
