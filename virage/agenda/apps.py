from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "virage.agenda"
    verbose_name = "Agenda"
