from django.apps import AppConfig

from virage.foundation.content import loader
from virage.foundation.content.faults import FaultTable
from virage.foundation.content.nomenclature import Nomenclature


class ContentConfig(AppConfig):
    name = "virage.foundation.content"
    label = "content"

    def ready(self) -> None:
        loader.register("nomenclatures/*", Nomenclature)
        loader.register("transfer/import_faults", FaultTable)
