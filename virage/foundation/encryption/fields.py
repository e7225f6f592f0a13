"""The column that holds a text encrypted for the operator of its row."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import models
from django.db.models.functions import Substr

from virage.foundation.encryption.values import decrypt, encrypt, keyed_hash

if TYPE_CHECKING:
    Text = models.TextField[str, str]
else:
    Text = models.TextField

HASH_LENGTH = 64
# How a text is written before it is hashed: what is searched is written the same way.
FORMS: dict[str, Callable[[str], str]] = {
    "whole": str.upper,
    # A number without its structure: « 3990000101/204 ».
    "after_bar": lambda text: text.partition("/")[2].upper() or text.upper(),
}


class Sealed(str):
    """A text as the column stores it: its keyed hashes, a dot, and the text encrypted."""


class EncryptedField(Text):
    """A text of any length, read as it was and stored encrypted; empty stays empty.

    `hashes` names the forms under which it may be found, and `owner` leads to its operator. It is
    written with its row: nothing but a row says whose it is.
    """

    def __init__(
        self,
        *args: Any,
        purpose: str,
        hashes: tuple[str, ...] = (),
        owner: str = "operator_id",
        **kwargs: Any,
    ) -> None:
        self.purpose, self.hashes, self.owner = purpose, tuple(hashes), owner
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        named = {"purpose": self.purpose, "hashes": self.hashes, "owner": self.owner}
        return name, path, args, {**kwargs, **named}

    def sealed(self, text: str, operator_id: UUID) -> Sealed:
        """Return a text as it is stored for an operator."""
        found_by = [keyed_hash(FORMS[one](text), self.purpose, operator_id) for one in self.hashes]
        return Sealed(f"{''.join(found_by)}.{encrypt(text, self.purpose, operator_id)}")

    def opened(self, stored: str) -> str:
        """Return the text that a column stores; ValueError or KeyUnavailable when it cannot."""
        return decrypt(stored.rpartition(".")[2], self.purpose)

    def is_sealed(self, stored: str) -> bool:
        """Whether a column holds a text encrypted, rather than one of before encryption."""
        form = rf"[0-9a-f]{{{HASH_LENGTH * len(self.hashes)}}}\.[\w-]{{60,}}=*"
        return re.fullmatch(form, stored, re.ASCII) is not None

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if not value or isinstance(value, Sealed):
            return value
        owner: Any = model_instance
        for name in self.owner.split("__"):
            owner = getattr(owner, name)
        return self.sealed(value, owner)

    def get_prep_value(self, value: Any) -> Any:
        if not value or isinstance(value, Sealed):
            return value and str(value)
        raise TypeError(f"{self.name} is written with its row, and found by its hash.")

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return self.opened(value) if value else value


def stored_hash(of: str, rank: int = 0) -> "models.GeneratedField":
    """Return the column of a keyed hash of an encrypted one: the database cuts it from there."""
    return models.GeneratedField(
        expression=Substr(of, rank * HASH_LENGTH + 1, HASH_LENGTH),
        output_field=models.CharField(max_length=HASH_LENGTH),
        db_persist=True,
    )
