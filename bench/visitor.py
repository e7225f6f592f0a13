"""Someone at a browser: one connection kept open, cookies, a signed-in situation."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse
from typing import NamedTuple
from urllib.parse import urlencode

CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
MEMBERSHIP = re.compile(r'name="membership"[^>]*value="([^"]+)"')
FORM_TYPE = "application/x-www-form-urlencoded"


class Answer(NamedTuple):
    """What came back: status, headers, body as transferred, and the seconds it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Visitor:
    """One person on one machine; every answer is timed, from the request to its last byte."""

    host: str
    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = HTTPConnection(self.host, self.port, timeout=60)

    def reconnect(self) -> None:
        """Open a new connection with the next request: the server closes those that wait."""
        self.connection.close()

    def get(self, path: str, *, encoding: str = "identity") -> Answer:
        """Ask for a page."""
        return self._ask("GET", path, headers={"Accept-Encoding": encoding})

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form, with the token that the cookie holds."""
        headers = {"Content-Type": FORM_TYPE, "X-CSRFToken": self.cookies.get("csrftoken", "")}
        return self._ask("POST", path, urlencode(fields).encode(), headers=headers)

    def sign_in(self, email: str, password: str, code: str = "") -> None:
        """Sign in through the forms, and choose the first situation when there are several."""
        self.get("/connexion/")
        answer = self.post("/connexion/", {"login": email, "password": password})
        if answer.status == 302 and code:
            answer = self.post("/connexion/second-facteur/", {"code": code})
        if answer.status != 302:
            raise RuntimeError(f"{email} cannot sign in: {answer.status}")
        page = self.get("/situation/")
        if membership := MEMBERSHIP.search(page.text):
            self.post("/situation/", {"membership": membership[1]})
        if self.get("/").status != 200:
            raise RuntimeError(f"{email} has no home page")

    def _ask(
        self, method: str, path: str, body: bytes | None = None, *, headers: Mapping[str, str]
    ) -> Answer:
        pairs = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        start = time.perf_counter()
        self.connection.request(method, path, body, {**headers, "Cookie": pairs})
        response = self.connection.getresponse()
        content = response.read()
        seconds = time.perf_counter() - start
        self._keep_cookies(response)
        return Answer(response.status, dict(response.getheaders()), content, seconds)

    def _keep_cookies(self, response: HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
