from django.apps import AppConfig

from virage.foundation.access.matrix import MatrixFile
from virage.foundation.content import loader


class AccessConfig(AppConfig):
    name = "virage.foundation.access"
    label = "access"
    verbose_name = "Droits d’accès"

    def ready(self) -> None:
        loader.register("access/matrix", MatrixFile)
