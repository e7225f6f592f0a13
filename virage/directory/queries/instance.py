"""What the command line asks of the whole instance: it stands above operators."""

from django.db.models import Exists, OuterRef, QuerySet

from virage.directory.models import Account, Establishment, Operator
from virage.foundation.journal.models import JournalEvent


def has_operator() -> bool:
    """Whether anything has been founded in this instance yet."""
    return Operator.objects.exists()


def operators_without_trace() -> list[str]:
    """Return the names of the operators whose creation the journal does not tell: it always did,
    so that it was erased, whole or from its start, with all that proves it.
    """
    # Said to be written, the index of what was written finds it.
    created = JournalEvent.objects.filter(
        action="operator.create", target_id=OuterRef("pk"), is_write=True
    )
    without = Operator.objects.filter(~Exists(created)).order_by("name", "id")
    return list(without.values_list("name", flat=True))


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
