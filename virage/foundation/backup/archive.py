"""The archive: a tar file encrypted for the owner of the recovery key, in age's own format.

It is written and read as a stream. Each block of 64 KiB is authenticated, the last one as the last:
an altered or cut archive does not open. `age -d -i KEY FILE | tar -x` opens it without us.
"""

import hashlib
import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import IO, Any

import msgspec
import pyrage
from pyrage.x25519 import Identity, Recipient

from virage.foundation.backup.rules import FORMAT, MANIFEST, BackupFault, Manifest, Member, is_place
from virage.foundation.disk import why_refused

BLOCK_BYTES = 2**20
NOT_OURS = "Ce fichier n’est pas une sauvegarde de Virage, ou son début est altéré."
ALTERED = "Cette sauvegarde est altérée ou incomplète : rien n’en a été repris."
WRONG_KEY = "Cette clé n’ouvre pas cette sauvegarde : elle a été faite pour une autre."

# Where the content of a member goes; None when it is only read.
Place = Callable[[str], AbstractContextManager[IO[bytes]] | None]


def recipients(keys: Sequence[str]) -> list[Recipient]:
    """Return these public keys, for which backups are encrypted; BackupFault without one."""
    if not keys:
        raise BackupFault(
            "Aucune clé de sauvegarde : « virage backup key » en fait une, dont la moitié publique "
            "va dans VIRAGE_BACKUP_KEY."
        )
    try:
        return [Recipient.from_str(key) for key in keys]
    except pyrage.RecipientError as error:
        raise BackupFault("VIRAGE_BACKUP_KEY ne contient pas une clé publique age1….") from error


def write_archive(
    path: Path,
    members: Iterable[tuple[str, Path]],
    said: dict[str, Any],
    recipients: Sequence[Recipient],
) -> None:
    """Write the members and their manifest, durably; OSError when the disk refuses."""
    blocks = _Blocks(_tar(members, said))
    with path.open("xb") as file:
        sink = _Sink(file)
        try:
            pyrage.encrypt_io(io.BufferedReader(blocks, BLOCK_BYTES), sink, recipients)
        except pyrage.EncryptError as error:
            # It tells in words alone what our own side raised.
            raise blocks.failure or sink.failure or error from error
        file.flush()
        os.fsync(file.fileno())


def read_archive(
    path: Path, identities: Sequence[Identity], place: Place = lambda _: None
) -> Manifest:
    """Read all of an archive and check it against its manifest, giving each member its place.

    Raises BackupFault. What was placed is to be thrown away then: only the end proves it.
    """
    listed: dict[str, Member] = {}
    said = b""
    with _Decrypted(path, identities) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
        for info in tar:
            content = tar.extractfile(info)
            if content is None or not is_place(info.name) or info.name in listed or said:
                raise BackupFault(ALTERED)
            if info.name == MANIFEST:
                said = content.read()
            else:
                listed[info.name] = _received(content, place(info.name))
    manifest = _manifest(said)
    if manifest.members != listed:
        raise BackupFault(ALTERED)
    return manifest


def _manifest(said: bytes) -> Manifest:
    try:
        manifest = msgspec.json.decode(said, type=Manifest)
    except msgspec.DecodeError as error:
        raise BackupFault(ALTERED) from error
    if manifest.format != FORMAT:
        raise BackupFault("Cette sauvegarde vient d’une autre version de Virage.")
    return manifest


def _tar(members: Iterable[tuple[str, Path]], said: dict[str, Any]) -> Iterator[bytes]:
    listed: dict[str, Member] = {}
    for name, path in members:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            yield _header(name, size)
            digest, length = hashlib.sha256(), 0
            while block := file.read(BLOCK_BYTES):
                digest.update(block)
                length += len(block)
                yield block
        if length != size:
            raise BackupFault(f"{path} a changé pendant la copie : recommencez.")
        yield _padding(size)
        listed[name] = Member(bytes=size, sha256=digest.hexdigest())
    manifest = msgspec.json.encode(Manifest(**said, format=FORMAT, members=listed))
    yield _header(MANIFEST, len(manifest)) + manifest + _padding(len(manifest))
    yield tarfile.NUL * 2 * tarfile.BLOCKSIZE


def _header(name: str, size: int) -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.mode = size, 0o600
    return info.tobuf(tarfile.PAX_FORMAT)


def _padding(size: int) -> bytes:
    return tarfile.NUL * (-size % tarfile.BLOCKSIZE)


def _received(content: IO[bytes], place: AbstractContextManager[IO[bytes]] | None) -> Member:
    digest, length = hashlib.sha256(), 0
    with place or io.BytesIO() as file:
        while block := content.read(BLOCK_BYTES):
            digest.update(block)
            length += len(block)
            if place:
                file.write(block)
    return Member(bytes=length, sha256=digest.hexdigest())


class _Blocks(io.RawIOBase):
    """A stream of blocks made as they are read, which remembers why one could not be."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = b""
        self.failure: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        try:
            while not self._rest:
                self._rest = next(self._blocks)
        except StopIteration:
            return 0
        except Exception as error:
            self.failure = error
            raise
        taken = self._rest[: len(buffer)]
        self._rest = self._rest[len(taken) :]
        buffer[: len(taken)] = taken
        return len(taken)


class _Sink:
    """A file to write to, which remembers why the disk refused."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.failure: OSError | None = None

    def write(self, block: bytes) -> int:
        try:
            return self._file.write(block)
        except OSError as error:
            self.failure = error
            raise

    def flush(self) -> None:
        self._file.flush()


class _Decrypted:
    """The tar stream of an archive, decrypted by a thread as it is read.

    On leaving, what makes the archive unfit comes before what it made its reader say.
    """

    def __init__(self, path: Path, identities: Sequence[Identity]) -> None:
        self._path = path
        self._identities = identities
        self._failure: Exception | None = None
        reading, writing = os.pipe()
        self._stream = os.fdopen(reading, "rb", buffering=BLOCK_BYTES)
        self._thread = threading.Thread(target=self._decrypt, args=(writing,))

    def __enter__(self) -> IO[bytes]:
        self._thread.start()
        return self._stream

    def __exit__(self, kind: object, error: BaseException | None, frames: object) -> None:
        if error is None:
            while self._stream.read(BLOCK_BYTES):  # to its last block, which proves the others
                pass
        self._stream.close()
        self._thread.join()
        if isinstance(error, OSError | BackupFault) and not self._failure:
            return
        if self._failure:
            raise _fault_of(self._failure) from self._failure
        if isinstance(error, tarfile.TarError):
            raise BackupFault(ALTERED) from error

    def _decrypt(self, writing: int) -> None:
        with suppress(BrokenPipeError), os.fdopen(writing, "wb") as sink:
            try:
                with self._path.open("rb") as source:
                    pyrage.decrypt_io(source, sink, self._identities)
            except Exception as error:
                # A reader that stopped before the end has its own reason.
                if "BrokenPipeError" not in str(error):
                    self._failure = error


def _fault_of(failure: Exception) -> BackupFault:
    if isinstance(failure, OSError) and failure.errno is not None:
        return BackupFault(f"{failure.filename} : {why_refused(failure)}.")
    if not isinstance(failure, pyrage.DecryptError):
        return BackupFault(ALTERED)
    return BackupFault(WRONG_KEY if "No matching keys" in str(failure) else NOT_OURS)
