from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "virage.agenda"
    verbose_name = "Agenda"

    def ready(self) -> None:
        from virage.agenda.actions import count_planned, hand_events_over
        from virage.directory.actions import leaving

        leaving.register(leaving.OpenWork("évènements à venir", count_planned, hand_events_over))
