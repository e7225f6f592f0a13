from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "virage.directory"
    verbose_name = "Annuaire"

    def ready(self) -> None:
        from virage.directory.actions.accounts import PASSWORD_LINK
        from virage.directory.jobs import send_password_link
        from virage.foundation.outbox.actions import register
        from virage.foundation.ui.navigation import NavItem
        from virage.foundation.ui.navigation import register as register_door

        register(PASSWORD_LINK, send_password_link)
        register_door(
            NavItem("Accueil", "directory:home", "house", "a", allowed=lambda actor: True, order=0)
        )
