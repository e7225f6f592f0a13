"""A request is read whatever it says of its own encoding."""

import io

import pytest
from django.test import RequestFactory

from virage.foundation.ui.sent import Utf8Request

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("charset", ["hex", "zlib", "rot13", "punycode", "idna", "latin-1", "none"])
@pytest.mark.parametrize("kind", ["text/plain", FORM, "multipart/form-data; boundary=x"])
def test_it_is_read_as_utf_8(kind: str, charset: str) -> None:
    environ = RequestFactory().get("/connexion/?next=/%C3%A9/").environ
    environ |= {"CONTENT_TYPE": f"{kind}; charset={charset}", "REQUEST_METHOD": "POST"}
    environ |= {"CONTENT_LENGTH": "8", "wsgi.input": io.BytesIO(b"a=%C3%A9")}
    request = Utf8Request(environ)
    assert request.GET["next"] == "/é/"
    assert kind != FORM or request.POST["a"] == "é"


def test_a_parameter_that_cannot_be_read_is_left() -> None:
    environ = RequestFactory().get("/connexion/").environ
    request = Utf8Request(environ | {"CONTENT_TYPE": "Text/Plain; a*=nonsense''%41"})
    assert (request.content_type, request.content_params) == ("text/plain", {})
