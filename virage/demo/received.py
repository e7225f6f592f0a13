"""What other software sends to the demo, typed."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from virage.demo.people import FOLDER, Sourced, StaffName
from virage.foundation.content.loader import read


@dataclass(frozen=True)
class Sender:
    """The establishment that sends a record."""

    name: str
    finess: str


@dataclass(frozen=True)
class SentAbout:
    """The traits as the sender wrote them."""

    birth_family_name: str
    first_birth_given_name: str
    is_female: bool
    born_on: date


@dataclass(frozen=True)
class SentNote:
    """A transmission of the record sent."""

    days_ago: int
    volet: str
    text: str


@dataclass(frozen=True)
class RefusedFile:
    """A file that holds no record."""

    file_name: str
    text: str


@dataclass(frozen=True)
class Exchanges(Sourced):
    """What other software sent: the record of a former stay, and a file to refuse."""

    sender: Sender
    file_name: str
    local_number: str
    entered_days_ago: int
    left_days_ago: int
    author: StaffName
    about: SentAbout
    notes: tuple[SentNote, ...]
    refused: RefusedFile


@cache
def exchanges() -> Exchanges:
    """Return what other software sent."""
    return read(FOLDER / "exchange.yaml", Exchanges)
