from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "virage.agenda"
    verbose_name = "Agenda"

    def ready(self) -> None:
        from virage.agenda.actions import hand_events_over, planned_after
        from virage.directory.actions import leaving

        leaving.register(
            leaving.OpenWork(
                "évènements à venir",
                planned_after,
                "event__participations__subject",
                hand_events_over,
            )
        )
