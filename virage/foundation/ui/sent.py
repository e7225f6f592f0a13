"""What a request is read from."""

from typing import Any

from django.core.handlers.wsgi import WSGIRequest
from django.utils.http import parse_header_parameters


class Utf8Request(WSGIRequest):
    """Reads what is sent as UTF-8, as our pages send it, whatever it says of itself.

    A « charset » may name what encodes no text (hex, zlib): Django would fail before any of its
    middlewares, and so before our log and our error page.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        sent = meta.get("CONTENT_TYPE", "")
        try:
            self.content_type, self.content_params = parse_header_parameters(sent)
        except ValueError:  # a parameter in no encoding that is known
            self.content_type, self.content_params = sent.partition(";")[0].strip().lower(), {}
