"""What `make check` looks for in the repository and in its dependencies, it finds."""

import os
import subprocess
import sys
from itertools import count
from pathlib import Path

import pyrage
import pytest

from tests.house.source import ROOT

KINDS = ("RSA PRIVATE KEY", "OPENSSH PRIVATE KEY", "ENCRYPTED PRIVATE KEY")
PROGRAM = """#!/bin/sh
echo '{"dependencies": [{"name": "django", "version": "4.2.1", "vulns":
 [{"id": "CVE-2023-31047", "fix_versions": ["4.2.2"]}]}]}'
"""


def _secrets(folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, ROOT / ".ci/secrets", folder], capture_output=True, text=True
    )


@pytest.mark.parametrize(
    "secret",
    [
        *(f"-----BEGIN {kind}-----\nx" for kind in KINDS),
        "postgresql://virage:" + "hunter22@10.0.0.4/virage",
        "AKIA" + "IOSFODNN7EXAMPLE",
        str(pyrage.x25519.Identity.generate()),
        "VIRAGE_MASTER_KEY=" + "q1-_" * 11,
        "postgresql://virage:" + "Tr0ub4dor&3@db.example/virage",
        "smtp://virage:" + "a@b/c:d!e$f@relay.example:587/",
        "  password: " + "Tr0ub4dor&3",
        "db_password: " + "'correct-horse-7'  # the one in service",
        "POSTGRES_PASSWORD=" + "Tr0ub4dor&3",
        "VIRAGE_MASTER_KEY=" + "'" + "q1-_" * 11 + "'",
        '  "password": ' + '"Tr0ub4dor,3",',
        "otpauth://totp/Virage:a?secret=" + "JBSWY3DPEHPK3PXP",
        "aws_secret_access_key = " + "wJalrXUtnFEMI/K7MDENG" + "/bPxRfiCYEXAMPLEKEY",
    ],
    # One of them is drawn anew by each process.
    ids=map(str, count()),
)
def test_a_secret_is_found_where_it_lies(tmp_path: Path, secret: str) -> None:
    subprocess.run(["/usr/bin/git", "init", "-q", tmp_path], check=True)
    (tmp_path / "clean.py").write_text("URL = 'postgresql://user:password@host:5432/name'\n")
    assert _secrets(tmp_path).returncode == 0
    (tmp_path / "notes.md").write_text(f"# Notes\n\n{secret}\n")
    found = _secrets(tmp_path)
    assert found.returncode == 1
    assert "notes.md:3: " in found.stdout and secret not in found.stdout


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_secret_is_found_in_the_letters_of_another_system(tmp_path: Path, encoding: str) -> None:
    subprocess.run(["/usr/bin/git", "init", "-q", tmp_path], check=True)
    (tmp_path / "notes.txt").write_text("AKIA" + "IOSFODNN7EXAMPLE", encoding=encoding)
    assert _secrets(tmp_path).returncode == 1


def test_what_stands_for_a_secret_is_none(tmp_path: Path) -> None:
    subprocess.run(["/usr/bin/git", "init", "-q", tmp_path], check=True)
    lines = (
        *("password: ${PASSWORD_1}", "password: str", "password: changeme", "password:"),
        *("https://example.org/a:b/c", "see mailto:a@b.example", "aws_secret_access_key ="),
    )
    (tmp_path / "notes.yaml").write_text("\n".join(lines))
    assert _secrets(tmp_path).returncode == 0


@pytest.mark.parametrize(
    ("pin", "words"),
    [("django==4.2.1", "CVE-2023-31047"), ("unlicensed==1.0", "unlicensed: licence")],
)
def test_an_audit_that_finds_something_fails(tmp_path: Path, pin: str, words: str) -> None:
    (tmp_path / "requirements.txt").write_text(f"{pin} \\\n    --hash=sha256:00\n")
    program = tmp_path / ".venv/bin/pip-audit"
    program.parent.mkdir(parents=True)
    known = PROGRAM if "django" in pin else "#!/bin/sh\necho '{\"dependencies\": []}'\n"
    program.write_text(known)
    program.chmod(0o700)
    package = tmp_path / "unlicensed-1.0.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: unlicensed\nVersion: 1.0\n")
    done = subprocess.run(
        [sys.executable, ROOT / ".ci/audit"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert words in done.stdout
