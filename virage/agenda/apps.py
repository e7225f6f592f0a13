from django.apps import AppConfig


class AgendaConfig(AppConfig):
    name = "virage.agenda"
    verbose_name = "Agenda"

    def ready(self) -> None:
        from virage.agenda.actions import hand_events_over, may_be_led_by, planned_after
        from virage.directory.actions import leaving

        leaving.register(
            leaving.OpenWork("évènements à venir", planned_after, may_be_led_by, hand_events_over),
            order=20,
        )
