from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "virage.directory"
    verbose_name = "Annuaire"
