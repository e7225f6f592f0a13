from datetime import timedelta

from django.apps import AppConfig

from virage.foundation.access import reach
from virage.foundation.access.enums import SubjectKind


class PersonsConfig(AppConfig):
    name = "virage.persons"
    verbose_name = "Personnes accompagnées"

    def ready(self) -> None:
        from virage.directory.actions import leaving
        from virage.foundation.ui import home, navigation
        from virage.foundation.ui.navigation import NavItem, SearchBox, WayBack
        from virage.persons import tabs
        from virage.persons.access import persons_reached_by
        from virage.persons.actions.stays import (
            followed_after,
            hand_referents_over,
            may_be_followed_by,
        )
        from virage.persons.queries.lists import home_card
        from virage.persons.queries.people import (
            knows_identities,
            reads_administrative,
            record_url,
        )
        from virage.persons.tabs import Tab

        self._ready_by_itself()
        reach.register(SubjectKind.PERSON, persons_reached_by)
        leaving.register(
            leaving.OpenWork(
                "rôles de référent", followed_after, may_be_followed_by, hand_referents_over
            ),
            order=10,
        )
        home.register(home_card, order=10)
        navigation.register(
            NavItem(
                lambda actor: actor.people_word,
                "persons:list",
                "users",
                "u",
                allowed=knows_identities,
                order=10,
            )
        )
        navigation.register_search(
            SearchBox("persons:search", "Chercher une personne", allowed=knows_identities)
        )
        navigation.register_way_back(WayBack("Revenir au dossier", record_url))
        for key, label, allowed, order in (
            ("identity", "Identité", knows_identities, 10),
            ("stays", "Séjours", reads_administrative, 20),
            ("surroundings", "Entourage", reads_administrative, 30),
            ("rights", "Droits", knows_identities, 90),
        ):
            tabs.register(
                Tab(key=key, label=label, url_name=f"persons:{key}", allowed=allowed, order=order)
            )

    def _ready_by_itself(self) -> None:
        """Declare what a bris de glace needs, and what is closed every night."""
        from virage.foundation.outbox import actions as outbox
        from virage.foundation.ui import home, navigation
        from virage.foundation.ui.navigation import NavItem, WayBack
        from virage.persons import tabs
        from virage.persons.enums import BRIS_DE_GLACE_TOLD, CONTRACTS_END
        from virage.persons.jobs import end_contracts, tell_bris_de_glace
        from virage.persons.queries.emergency import emergency_url, home_card, sheet_url
        from virage.persons.queries.openings import review_card
        from virage.persons.queries.people import knows_identities
        from virage.persons.tabs import Tab

        outbox.register(BRIS_DE_GLACE_TOLD, tell_bris_de_glace, label="Avis d’un bris de glace")
        outbox.register(
            CONTRACTS_END, end_contracts, label="Fin des contrats", every=timedelta(days=1)
        )
        home.register(home_card, order=5)
        home.register(review_card, order=6)
        tabs.register_in_emergency(
            Tab(
                key="emergency",
                label="Fiche d’urgence",
                url_name="persons:emergency",
                allowed=knows_identities,
                order=10,
            )
        )
        navigation.register_way_back(WayBack("Revenir à la fiche d’urgence", sheet_url))
        navigation.register_way_back(WayBack("Urgence : ouvrir le dossier", emergency_url))
        navigation.register(
            NavItem(
                "Bris de glace",
                "persons:opening_list",
                "siren",
                "b",
                allowed=lambda actor: actor.directs,
                order=70,
            )
        )
