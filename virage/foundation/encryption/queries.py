"""What is known of the keys."""

from uuid import UUID

from virage.foundation.encryption.models import DataKey


def operators_with_keys() -> list[UUID]:
    """Return the owners of data keys, the site itself among them; one statement."""
    return list(
        DataKey.objects.order_by("operator_id").values_list("operator_id", flat=True).distinct()
    )


def data_keys_changed() -> int:
    """Return how many data keys took the place of another, ever: more when a rotation has begun."""
    return DataKey.objects.filter(version__gt=1).count()
