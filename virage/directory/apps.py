from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "virage.directory"
    verbose_name = "Annuaire"

    def ready(self) -> None:
        from virage.directory.actions.accounts import PASSWORD_LINK
        from virage.directory.actions.imports import DIRECTORY_IMPORT
        from virage.directory.jobs import send_password_link, write_imported_table
        from virage.directory.queries.home import home_card
        from virage.directory.rules.imports import ColumnTable
        from virage.foundation.content import loader
        from virage.foundation.outbox import actions as outbox
        from virage.foundation.ui import home, navigation
        from virage.foundation.ui.navigation import NavItem

        outbox.register(PASSWORD_LINK, send_password_link, label="Envoi d’un lien de mot de passe")
        outbox.register(DIRECTORY_IMPORT, write_imported_table, label="Import de l’annuaire")
        loader.register("directory/import_columns", ColumnTable)
        home.register(home_card, order=90)
        for label, url_name, icon, key, order in (
            ("Accueil", "directory:home", "house", "a", 0),
            ("Annuaire", "directory:establishment_list", "book-user", "n", 90),
        ):
            navigation.register(
                NavItem(label, url_name, icon, key, allowed=lambda actor: True, order=order)
            )
