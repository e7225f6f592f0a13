"""Files are addressed by what they contain, and say so when that changed."""

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from virage.foundation.storage import files

CONTENT = b"%PDF-1.7 compte rendu"


def stored(settings: Any) -> list[Path]:
    return [path for path in settings.FILES.rglob("*") if path.is_file()]


def test_a_file_comes_back_by_its_digest() -> None:
    digest = files.put(CONTENT)
    assert digest == hashlib.sha256(CONTENT).hexdigest()
    assert files.get(digest) == CONTENT


def test_the_same_content_is_stored_once_and_for_its_owner_alone(settings: Any) -> None:
    assert files.put(CONTENT) == files.put(CONTENT)
    (path,) = stored(settings)
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert files.put(b"") != files.put(CONTENT)


def test_two_that_store_at_once_leave_one_whole_file(settings: Any) -> None:
    content = CONTENT * 50_000
    with ThreadPoolExecutor(8) as threads:
        (digest,) = set(threads.map(files.put, [content] * 16))
    assert files.get(digest) == content
    assert len(stored(settings)) == 1


def test_a_full_disk_leaves_nothing_behind(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(descriptor: int) -> None:
        raise OSError("disque plein")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="plein"):
        files.put(b"jamais rang\xe9")
    assert stored(settings) == []


@pytest.mark.parametrize("altered", [b"", CONTENT[:-1], CONTENT + b" ", CONTENT.upper()])
def test_an_altered_file_is_refused(settings: Any, altered: bytes) -> None:
    digest = files.put(CONTENT)
    (path,) = stored(settings)
    path.write_bytes(altered)
    with pytest.raises(ValueError, match="altéré"):
        files.get(digest)


def test_an_absent_file_is_said_absent() -> None:
    with pytest.raises(FileNotFoundError):
        files.get("0" * 64)


@pytest.mark.parametrize(
    "address",
    [
        "",
        "../../etc/passwd",
        "0" * 63,
        "0" * 65,
        "A" * 64,
        "../" + "0" * 61,
        "/" + "0" * 63,
        "0" * 64 + "\n",
        "0" * 63 + "\x00",
        "0" * 63 + "٣",
    ],
)
def test_an_address_cannot_leave_the_folder(address: str) -> None:
    with pytest.raises(ValueError, match="illisible"):
        files.get(address)
