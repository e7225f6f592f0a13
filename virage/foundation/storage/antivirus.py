"""The antivirus of the site, ClamAV, asked through its own socket; absent, nothing is said.

https://docs.clamav.net/manual/Usage/Scanning.html (INSTREAM, VERSION).
"""

import re
import socket
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from django.conf import settings

# What ClamAV says, when set so, of a file that it has not looked at to the end.
NOT_ALL_SEEN = "Heuristics.Limits.Exceeded"
TIMEOUT_S = 20
PIECE_BYTES = 1 << 16


@dataclass(frozen=True)
class Verdict:
    """What the antivirus said: the threat it found, if any, and with which signatures."""

    threat: str
    signatures: str

    @property
    def is_infected(self) -> bool:
        return bool(self.threat)


def is_configured() -> bool:
    """Whether the site says that it has an antivirus."""
    return bool(settings.CLAMAV)


def verdict_on(content: Iterable[bytes]) -> Verdict | None:
    """Return what the antivirus says of a content; none when it does not answer, or cannot say."""
    if not is_configured():
        return None
    with suppress(OSError):
        answer = _ask(b"zINSTREAM\0", content)
        threat = answer.partition(": ")[2].removesuffix(" FOUND")
        if threat.startswith(NOT_ALL_SEEN):
            return None
        if answer.endswith("FOUND"):
            return Verdict(threat, _signatures())
        if answer.endswith("OK"):
            return Verdict("", _signatures())
    return None


def is_answering() -> bool:
    """Whether the antivirus is there: what it cannot judge is then the fault of the file."""
    with suppress(OSError):
        return _ask(b"zPING\0") == "PONG"
    return False


def _signatures() -> str:
    """Return the version of the signatures and their date, as ClamAV tells them; "" when silent.

    A threat already found is told, whatever becomes of this question.
    """
    with suppress(OSError):
        return _ask(b"zVERSION\0")[:100]
    return ""


def _ask(command: bytes, content: Iterable[bytes] = ()) -> str:
    """Send a command, and the content that it announces; raises OSError when nobody answers."""
    with _connected() as line:
        line.sendall(command)
        if content:
            # The scanner closes the line on what is too large for it: its answer says so.
            with suppress(BrokenPipeError, ConnectionResetError):
                for piece in content:
                    for start in range(0, len(piece), PIECE_BYTES):
                        part = piece[start : start + PIECE_BYTES]
                        line.sendall(len(part).to_bytes(4, "big") + part)
                line.sendall(bytes(4))
        answer = b""
        while received := line.recv(4096):
            answer += received
    return answer.rstrip(b"\0\n").decode(errors="replace")


def _connected() -> socket.socket:
    place = settings.CLAMAV
    if address := re.fullmatch(r"\[?([^/\]]+)\]?:(\d+)", place):
        return socket.create_connection((address[1], int(address[2])), timeout=TIMEOUT_S)
    line = socket.socket(socket.AF_UNIX)
    line.settimeout(TIMEOUT_S)
    try:
        line.connect(place)
    except OSError:
        line.close()
        raise
    return line
