from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "virage.record"
    verbose_name = "Dossier"
