"""The nginx example and the systemd units of `deploy`, tried for real before `virage run`."""

import contextlib
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.house.source import ROOT
from tests.services.postgresql import free_port
from tests.services.sites import Site
from virage.settings.environment import WILL_NOT_START

pytestmark = pytest.mark.services
NGINX, OPENSSL = "/usr/sbin/nginx", "/usr/bin/openssl"
NAME = "dossier.test"
TOKEN = "token-of-the-tests-alone"
# One more than an address may make in a minute, and some to spare.
ATTEMPTS = 24
MORE_THAN_THE_BURST = 200
MAIN = """
daemon off; user root; pid {folder}/nginx.pid; error_log {folder}/main.log;
events {{}}
http {{
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
    include {folder}/virage.conf;
}}
"""


class Ports:
    """Where the three listen."""

    def __init__(self) -> None:
        self.app, self.http, self.https = free_port(), free_port(), free_port()


@pytest.fixture(scope="module")
def ports(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ports]:
    """A site behind nginx, both as `deploy` says, on free ports."""
    folder = tmp_path_factory.mktemp("proxy")
    ports = Ports()
    site = Site(
        folder / "home",
        VIRAGE_HOSTS=f"{NAME},127.0.0.1",
        VIRAGE_ORIGINS=f"https://{NAME}:{ports.https},https://{NAME}",
        VIRAGE_METRICS_TOKEN=TOKEN,
    )
    with proxy(folder, ports):
        app = site.start("run", "--port", ports.app)
        try:
            wait_for(ports.app, app)
            yield ports
        finally:
            app.send_signal(signal.SIGTERM)
            app.communicate(timeout=60)


@contextlib.contextmanager
def proxy(folder: Path, ports: Ports) -> Iterator[None]:
    """Run nginx alone, as `deploy` says."""
    if not Path(NGINX).exists():
        pytest.skip("no nginx: install the Debian package `nginx-light`")
    configure(folder, ports)
    running = subprocess.Popen([NGINX, "-e", folder / "start.log", "-c", folder / "main.conf"])
    try:
        wait_for(ports.https, running)
        yield
    finally:
        running.terminate()
        running.wait(20)


def configure(folder: Path, ports: Ports) -> None:
    """Write the example down with a name, ports and a certificate of the test, else unchanged."""
    text = (ROOT / "deploy/nginx.conf").read_text()
    text = re.sub(r"\n\s*listen \[::\][^\n]*", "", text)
    for was, now in (
        ("dossier.exemple.fr", NAME),
        ("/etc/virage/tls", str(folder)),
        ("127.0.0.1:8000", f"127.0.0.1:{ports.app}"),
        ("listen 80;", f"listen 127.0.0.1:{ports.http};"),
        ("listen 443 ", f"listen 127.0.0.1:{ports.https} "),
        ("/var/log/nginx", str(folder)),
    ):
        assert was in text
        text = text.replace(was, now)
    (folder / "virage.conf").write_text(text)
    (folder / "main.conf").write_text(MAIN.format(folder=folder))
    subject = ("-subj", f"/CN={NAME}", "-days", "1", "-nodes")
    files = ("-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem")
    made = ("req", "-x509", "-newkey", "rsa:2048", *subject, *files)
    subprocess.run([OPENSSL, *made], check=True, capture_output=True)


def wait_for(port: int, process: "subprocess.Popen[Any]") -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert process.poll() is None, process.communicate()
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise AssertionError(f"nothing listens on {port}")


def connect(ports: Ports, source: str = "127.0.0.1") -> HTTPSConnection:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return HTTPSConnection(
        "127.0.0.1", ports.https, timeout=60, context=context, source_address=(source, 0)
    )


def ask(ports: Ports, path: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    with contextlib.closing(connect(ports)) as connection:
        connection.request("GET", path, headers={"Host": NAME, **(headers or {})})
        answer = connection.getresponse()
        answer.read()
        return answer


def test_plain_http_leads_to_https(ports: Ports) -> None:
    with contextlib.closing(HTTPConnection("127.0.0.1", ports.http, timeout=20)) as connection:
        connection.request("GET", "/connexion/?next=/", headers={"Host": NAME})
        answer = connection.getresponse()
    assert answer.status == 301
    assert answer.headers["Location"] == f"https://{NAME}/connexion/?next=/"


def test_a_page_comes_with_its_policy_and_names_no_version(ports: Ports) -> None:
    answer = ask(ports, "/connexion/")
    assert answer.status == 200
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Server"] == "nginx"
    cookie = answer.headers["Set-Cookie"]
    assert "Secure" in cookie and "HttpOnly" in cookie
    assert ask(ports, "/vivant/").status == 200


def test_metrics_are_for_the_machine_alone(ports: Ports) -> None:
    token = {"Authorization": f"Bearer {TOKEN}"}
    assert ask(ports, "/connexion/").status == 200
    assert ask(ports, "/metriques/", token).status == 404
    with contextlib.closing(HTTPConnection("127.0.0.1", ports.app, timeout=20)) as here:
        here.request("GET", "/metriques/", headers=token)
        answer = here.getresponse()
        text = answer.read().decode()
    assert answer.status == 200
    # Counted by every web process, in one place.
    assert re.search(r'virage_requests_total\{.*route="account_login",status="200"\} [1-9]', text)


def test_what_is_too_large_is_refused_before_it_is_sent(ports: Ports) -> None:
    with contextlib.closing(connect(ports)) as connection:
        connection.putrequest("POST", "/connexion/", skip_host=True)
        connection.putheader("Host", NAME)
        connection.putheader("Content-Length", str(65 * 2**20))
        connection.endheaders()
        answer = connection.getresponse()
        assert answer.status == 413
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "Rouvrez le formulaire" in answer.read().decode()


def pages(ports: Ports, path: str, count: int) -> list[tuple[int, str]]:
    """Ask for the same page again and again, and return each status with its text."""
    answers = []
    with contextlib.closing(connect(ports)) as connection:
        for _ in range(count):
            connection.request("GET", path, headers={"Host": NAME})
            answer = connection.getresponse()
            assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
            answers.append((answer.status, answer.read().decode()))
    return answers


def test_nginx_says_in_french_that_virage_is_stopped_or_asked_too_often(tmp_path: Path) -> None:
    ports = Ports()
    with proxy(tmp_path, ports):
        # The styles of ten computers behind one address.
        styles = pages(ports, "/static/ui/base.css", MORE_THAN_THE_BURST)
        asked = pages(ports, "/connexion/", MORE_THAN_THE_BURST)
    assert {status for status, _ in styles} == {502}
    assert "Virage est arrêté quelques minutes" in styles[0][1]
    assert {status for status, _ in asked} == {502, 429}
    assert "Attendez dix secondes" in dict(asked)[429]


def test_a_request_with_two_lengths_goes_no_further(ports: Ports) -> None:
    for lengths in (
        "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    ):
        with contextlib.closing(connect(ports)) as connection:
            connection.connect()
            connection.sock.sendall(
                f"POST /connexion/ HTTP/1.1\r\nHost: {NAME}\r\n{lengths}\r\n0\r\n\r\n".encode()
            )
            said = connection.sock.recv(4096)
        assert said.split()[1] in (b"400", b"501"), said


def forgotten(ports: Ports, source: str, claims: list[dict[str, str]]) -> list[int]:
    """Ask for passwords, from one of this machine's addresses, each time claiming another one."""
    path, answers = "/mot-de-passe/oublie/", []
    with contextlib.closing(connect(ports, source)) as connection:
        connection.request("GET", path, headers={"Host": NAME})
        page = connection.getresponse()
        text, cookie = page.read().decode(), page.headers["Set-Cookie"].split(";")[0]
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
        assert token
        headers = {
            "Host": NAME,
            "Cookie": cookie,
            "Referer": f"https://{NAME}{path}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        for rank, claim in enumerate(claims):
            asked = {"csrfmiddlewaretoken": token[1], "email": f"nobody{rank}@example.org"}
            connection.request("POST", path, urlencode(asked), headers | claim)
            answer = connection.getresponse()
            answer.read()
            answers.append(answer.status)
    return answers


def test_a_visitor_is_known_by_his_own_address_whatever_he_claims(ports: Ports) -> None:
    names = ("X-Forwarded-For", "X_Forwarded_For", "x-forwarded-for", "X-Real-IP", "Forwarded")
    claims = [{names[rank % len(names)]: f"192.0.2.{rank}"} for rank in range(ATTEMPTS)]
    answers = forgotten(ports, "127.0.0.1", claims)
    assert 429 not in answers[:20] and answers[-1] == 429, answers
    # Another one is not shut out with him.
    assert forgotten(ports, "127.0.0.2", [{}]) != [429]


@pytest.mark.parametrize("unit", ["virage.service", "virage-backup.service", "virage-backup.timer"])
def test_systemd_understands_the_units(unit: str, tmp_path: Path) -> None:
    program = shutil.which("systemd-analyze")
    if not program:
        pytest.skip("no systemd: install the Debian package `systemd`")
    for path in (ROOT / "deploy").glob("virage*.[st]*"):
        text = path.read_text().replace("/opt/virage/.venv/bin/virage", "/bin/true")
        (tmp_path / path.name).write_text(text)
    done = subprocess.run([program, "verify", tmp_path / unit], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_what_refuses_to_start_stays_down_and_the_rest_comes_back() -> None:
    unit = (ROOT / "deploy/virage.service").read_text().splitlines()
    assert {"Restart=on-failure", "StartLimitIntervalSec=0"} < set(unit)
    assert f"RestartPreventExitStatus={WILL_NOT_START}" in unit


def test_the_units_run_commands_that_exist() -> None:
    for path in (ROOT / "deploy").glob("*.service"):
        (command,) = re.findall(
            r"^ExecStart=/opt/virage/.venv/bin/virage (.+)$", path.read_text(), re.M
        )
        help_of: Any = subprocess.run(
            [ROOT / ".venv/bin/virage", command, "--help"], capture_output=True
        )
        assert help_of.returncode == 0
