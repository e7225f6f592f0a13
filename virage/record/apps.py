from datetime import timedelta

from django.apps import AppConfig


class RecordConfig(AppConfig):
    name = "virage.record"
    verbose_name = "Dossier"

    def ready(self) -> None:
        from virage.foundation.access.emergency import VOLET
        from virage.foundation.outbox import actions as outbox
        from virage.foundation.ui import home
        from virage.persons import tabs
        from virage.persons.queries.people import reads_administrative
        from virage.persons.tabs import Tab
        from virage.record.enums import EVALUATIONS_DUE, EVALUATIONS_DUE_TOLD
        from virage.record.jobs import remind_of_evaluations, tell_due_evaluations
        from virage.record.queries.asking import asked_of_me_card
        from virage.record.queries.due_actions import own_actions_card
        from virage.record.queries.home import (
            due_evaluations_card,
            latest_notes_card,
            withdrawn_notes_card,
        )
        from virage.record.queries.tabs import reads_something

        outbox.register(
            EVALUATIONS_DUE,
            remind_of_evaluations,
            label="Recherche des évaluations à refaire",
            every=timedelta(days=1),
        )
        outbox.register(
            EVALUATIONS_DUE_TOLD, tell_due_evaluations, label="Rappel d’évaluations à refaire"
        )
        home.register(latest_notes_card, order=20)
        home.register(withdrawn_notes_card, order=15)
        home.register(asked_of_me_card, order=12)
        home.register(due_evaluations_card, order=25)
        home.register(own_actions_card, order=14)
        tabs.register_in_emergency(
            Tab(
                key="medical",
                label="Volet médical",
                url_name="record:medical_volet",
                allowed=lambda actor: VOLET in actor.readable_volets,
                order=20,
            )
        )
        for key, label, allowed, order in (
            ("timeline", "Chronologie", reads_something, 40),
            ("notes", "Transmissions", reads_something, 50),
            ("evaluations", "Évaluations", reads_something, 55),
            ("plans", "Plans", reads_something, 57),
            ("documents", "Documents", reads_something, 60),
            ("accesses", "Qui a vu", reads_administrative, 80),
        ):
            tabs.register(
                Tab(key=key, label=label, url_name=f"record:{key}", allowed=allowed, order=order)
            )
