"""What the command line asks of the whole instance: it stands above operators."""

from django.db.models import QuerySet

from virage.directory.models import Account, Establishment, Operator


def has_operator() -> bool:
    """Whether anything has been founded in this instance yet."""
    return Operator.objects.exists()


def operator_without_account() -> Operator | None:
    """Return the only operator of the instance while nobody has an account in it, if there is one.

    A first import founds its establishment, and opens no account.
    """
    operators = list(Operator.objects.order_by("id")[:2])
    return operators[0] if len(operators) == 1 and not Account.objects.exists() else None


def every_establishment(finess: str = "") -> QuerySet[Establishment]:
    """Return the establishments of all operators by name, or those with this FINESS number."""
    establishments = Establishment.objects.select_related("operator").order_by("name", "id")
    return establishments.filter(finess=finess) if finess else establishments
