from datetime import timedelta

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "virage.directory"
    verbose_name = "Annuaire"

    def ready(self) -> None:
        from virage.directory.actions.accounts import ACCESS_GIVEN, ACCESS_RESET, PASSWORD_LINK
        from virage.directory.actions.imports import DIRECTORY_IMPORT
        from virage.directory.actions.secrets import encrypt_secrets_again
        from virage.directory.actions.structures import PRIVACY_CHANGED
        from virage.directory.jobs import (
            close_left_accounts,
            send_access_reset,
            send_password_link,
            tell_access_given,
            tell_privacy_changed,
            write_imported_table,
        )
        from virage.directory.queries.home import home_card
        from virage.directory.rules.imports import ColumnTable
        from virage.foundation.content import loader
        from virage.foundation.encryption import columns
        from virage.foundation.outbox import actions as outbox
        from virage.foundation.ui import home, navigation
        from virage.foundation.ui.navigation import NavItem

        outbox.register(PASSWORD_LINK, send_password_link, label="Envoi d’un lien de mot de passe")
        outbox.register(DIRECTORY_IMPORT, write_imported_table, label="Import de l’annuaire")
        loader.register("directory/import_columns", ColumnTable)
        outbox.register(ACCESS_RESET, send_access_reset, label="Avis d’un accès redonné")
        outbox.register(ACCESS_GIVEN, tell_access_given, label="Avis d’un accès à la santé remis")
        outbox.register(PRIVACY_CHANGED, tell_privacy_changed, label="Avis d’adresses changées")
        outbox.register(
            "directory.close_accounts",
            close_left_accounts,
            label="Fermeture des comptes des personnes parties",
            every=timedelta(hours=1),
        )
        columns.register(encrypt_secrets_again)
        home.register(home_card, order=90)
        for label, url_name, icon, key, order in (
            ("Accueil", "directory:home", "house", "a", 0),
            ("Annuaire", "directory:establishment_list", "book-user", "n", 90),
        ):
            navigation.register(
                NavItem(label, url_name, icon, key, allowed=lambda actor: True, order=order)
            )
