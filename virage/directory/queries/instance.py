"""What the command line asks of the whole instance: it stands above operators."""

from django.db.models import QuerySet

from virage.directory.models import Establishment, Operator


def has_operator() -> bool:
    """Whether anything has been founded in this instance yet."""
    return Operator.objects.exists()


def every_establishment(finess: str = "") -> QuerySet[Establishment]:
    """Return the establishments of all operators by name, or those with this FINESS number."""
    establishments = Establishment.objects.select_related("operator").order_by("name", "id")
    return establishments.filter(finess=finess) if finess else establishments
