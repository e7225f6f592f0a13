from django.apps import AppConfig
from django.core import checks

from virage.foundation.content import loader
from virage.foundation.content.faults import FaultTable
from virage.foundation.content.nomenclature import Nomenclature


class ContentConfig(AppConfig):
    name = "virage.foundation.content"
    label = "content"

    def ready(self) -> None:
        loader.register("nomenclatures/*", Nomenclature)
        loader.register("transfer/import_faults", FaultTable)
        checks.register(content_fits)


def content_fits(**_: object) -> list[checks.CheckMessage]:
    """Refuse to start on a content file that does not fit its type."""
    return [checks.Error(problem, id="content.E001") for problem in loader.check_all()]
