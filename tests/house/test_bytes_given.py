"""Bytes leave the house as files to keep; the photo, our own JPEG, is the only one shown."""

import ast

from tests.house.source import sources
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


def test_a_file_given_is_kept_and_runs_nothing() -> None:
    given = attachment(b"<script>", 'fac"ture\r\n../x.html', "text/html")
    assert given["Content-Disposition"].startswith("attachment")
    assert "\n" not in given["Content-Disposition"] and "/" not in given["Content-Disposition"]
    assert given["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in given["Content-Security-Policy"]
