"""Bytes leave the house as files to keep; the photo, our own JPEG, is the only one shown."""

import ast
from typing import cast

import pytest
from django.test import RequestFactory

from tests.factories.town import Town, actor_of
from tests.house.source import Source, sources
from virage.foundation.access.looking import looking_as
from virage.foundation.access.request import Request
from virage.foundation.errors import Refused
from virage.foundation.ui.responses import attachment

# Where bytes are answered: as an attachment, and the photo.
DOORS = {"virage/foundation/ui/responses.py", "virage/persons/views/photos.py"}
# Figures and words of the machine, for a supervisor.
MACHINE = {"virage/foundation/ui/health.py", "virage/foundation/observing/views.py"}
# Answers of text that we write ourselves, never a file.
TEXTS = {"text/plain", "text/html", "application/json"}


def test_bytes_leave_by_one_door() -> None:
    found = set()
    for source in sources():
        for call in source.calls():
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            typed = [one.value for one in call.keywords if one.arg == "content_type"]
            is_file = name in ("FileResponse", "StreamingHttpResponse")
            is_typed = name == "HttpResponse" and any(
                not isinstance(one, ast.Constant) or one.value.partition(";")[0] not in TEXTS
                for one in typed
            )
            if is_file or is_typed:
                found.add(str(source))
    assert found - MACHINE == DOORS, f"give bytes by `attachment`: {found - MACHINE - DOORS}"


@pytest.mark.django_db
def test_a_file_given_is_kept_and_runs_nothing(town: Town) -> None:
    request = cast("Request", RequestFactory().get("/"))
    request.actor = actor_of(town.alice)
    given = attachment(request, b"<script>", 'fac"ture\r\n../x.html', "text/html")
    assert given["Content-Disposition"].startswith("attachment")
    assert "\n" not in given["Content-Disposition"] and "/" not in given["Content-Disposition"]
    assert given["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in given["Content-Security-Policy"]


@pytest.mark.django_db
def test_nothing_is_given_to_who_looks_as_someone_else(town: Town) -> None:
    request = cast("Request", RequestFactory().get("/"))
    request.actor = looking_as(actor_of(town.diane), actor_of(town.alice))
    with pytest.raises(Refused):
        attachment(request, b"x", "a.csv", "text/csv")


# Who reads the store, and what he reads there: a document goes out by `content_of` alone.
READERS = {
    "virage/documents/queries.py": "documents",
    "virage/documents/jobs.py": "documents, for the antivirus",
    "virage/editions/queries/prepared.py": "editions that wait to be downloaded",
    "virage/exchange/queries/imports.py": "files received, as they came",
    "virage/exchange/queries/reading.py": "files received, to be treated",
    "virage/exchange/queries/person_in_transit.py": "photos",
    "virage/persons/queries/details.py": "photos",
}


def test_a_document_is_read_by_its_own_room_alone() -> None:
    found = {
        str(source)
        for source in sources()
        if source.parts[:2] != ("foundation", "storage") and _reads_the_store(source)
    }
    assert found == READERS.keys(), f"read a document by `content_of`: {found ^ READERS.keys()}"
    readers = [one for one in sources() if str(one) in READERS and one.parts[0] != "documents"]
    named = {str(one): set(one.imported_modules()) for one in readers}
    assert [one for one, names in named.items() if "virage.documents.models" in names] == []


def _reads_the_store(source: Source) -> bool:
    """Whether a file of the product takes what the store holds, called at once or later."""
    imported = {
        alias.name
        for node in ast.walk(source.tree)
        if isinstance(node, ast.ImportFrom) and node.module == "virage.foundation.storage.files"
        for alias in node.names
    }
    taken = {
        node.attr
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Attribute) and getattr(node.value, "id", "") == "files"
    }
    return bool({"get", "read"} & (imported | taken))
