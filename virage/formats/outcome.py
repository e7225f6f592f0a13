"""What reading a file may end in: faults that are said, a refusal, and the limits of a reader."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """A fault met in a file: its code in the closed table, where, and the value as received."""

    code: str
    path: str
    value: str = ""


class Unreadable(Exception):
    """The whole file is refused; `findings` says why, each code being of level « refuse »."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(", ".join(finding.code for finding in findings))
        self.findings = findings


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What a reader accepts: bytes of the file and of an attachment, levels, entries."""

    file_bytes: int = 60 * 10**6
    attachment_bytes: int = 20 * 10**6
    depth: int = 64
    entries: int = 20_000
