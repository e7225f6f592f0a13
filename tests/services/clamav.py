"""A ClamAV of one's own, as nobody, whose only signature is the EICAR test file's."""

import os
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PROGRAM = Path("/usr/sbin/clamd")
PACKAGE = "clamav-daemon"
# Cut in two: this file itself must not look infected.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}" + b"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
SIGNATURE = f"Test.Eicar:0:*:{EICAR.hex()}\n"
PATIENCE_S = 60


def is_installed() -> bool:
    """Whether Debian's package is on this machine."""
    return PROGRAM.exists()


@contextmanager
def running() -> Iterator[str]:
    """Start clamd, give the path of its socket, and stop it whatever happens."""
    with tempfile.TemporaryDirectory(prefix="virage-clamd-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        (folder / "eicar.ndb").write_text(SIGNATURE)
        place = folder / "clamd.sock"
        settings = folder / "clamd.conf"
        settings.write_text(
            f"LocalSocket {place}\nDatabaseDirectory {folder}\nForeground yes\n"
            "TemporaryDirectory /tmp\nStreamMaxLength 30M\n"
            "MaxFileSize 300M\nMaxScanSize 400M\nAlertExceedsMax yes\n"
        )
        owner = "nobody" if os.geteuid() == 0 else None
        program = subprocess.Popen(
            [PROGRAM, "--config-file", str(settings)],
            user=owner,
            group="nogroup" if owner else None,
            extra_groups=[] if owner else None,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _await(place, program)
            yield str(place)
        finally:
            program.terminate()
            program.wait()


def _await(place: Path, program: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until and program.poll() is None:
        with suppress(OSError), socket.socket(socket.AF_UNIX) as line:
            line.connect(str(place))
            return
        time.sleep(0.1)
    raise RuntimeError("clamd does not answer")
