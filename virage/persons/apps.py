from django.apps import AppConfig

from virage.foundation.access import reach
from virage.foundation.access.enums import SubjectKind


class PersonsConfig(AppConfig):
    name = "virage.persons"
    verbose_name = "Personnes accompagnées"

    def ready(self) -> None:
        from virage.persons.access import persons_reached_by

        reach.register(SubjectKind.PERSON, persons_reached_by)
