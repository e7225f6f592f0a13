from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "virage.foundation.journal"
    label = "journal"
    verbose_name = "Journal des accès"
