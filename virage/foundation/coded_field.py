"""A model column that holds a `Coded` value."""

from typing import Any

from django.db import models

from virage.foundation.coded import Coded


class CodedField(models.JSONField):
    """Stores a `Coded` as JSON, without its empty parts; absent reads as an empty `Coded`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", Coded)
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Coded:
        return Coded(**(super().from_db_value(value, expression, connection) or {}))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if isinstance(value, Coded):
            value = value.parts()
        return super().get_db_prep_value(value, connection, prepared)
