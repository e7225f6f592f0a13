from django.apps import AppConfig

from virage.foundation.access.matrix import MatrixFile
from virage.foundation.content import loader


class AccessConfig(AppConfig):
    name = "virage.foundation.access"
    label = "access"
    verbose_name = "Droits d’accès"

    def ready(self) -> None:
        from virage.foundation.access.emergency import Policy

        loader.register("access/matrix", MatrixFile)
        loader.register("access/bris_de_glace", Policy)
