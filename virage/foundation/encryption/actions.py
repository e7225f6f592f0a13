"""Changing the keys: every step stands by itself, and what was interrupted is taken up again."""

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from virage.foundation.encryption import keys, master
from virage.foundation.encryption.models import DataKey


def rotate_master_key() -> int:
    """Make a new master key and wrap every data key under it; return how many were.

    One that was interrupted goes on with the key it had made. The former key stays beside, for
    backups made before. KeyUnavailable when the environment gives the master key and holds no
    second one: the new key is to be put there, before the former.
    """
    keys.require_master_key()
    if len(master.keys()) < 2:
        if settings.MASTER_KEY:
            raise master.KeyUnavailable(
                "VIRAGE_MASTER_KEY doit contenir la nouvelle clé, une virgule, puis l’ancienne."
            )
        master.add_key()
    in_force = master.print_of(master.keys()[0])
    wrapped = 0
    # Again until none is left: a process may make a key meanwhile.
    while former := list(DataKey.objects.exclude(master=in_force).order_by("pk")[:100]):
        for key in former:
            keys.rewrap(key)
        wrapped += len(former)
    if not settings.MASTER_KEY:
        master.set_former_aside()
    return wrapped


@transaction.atomic
def begin_rotation(operator_id: UUID) -> DataKey:
    """Make an operator's next data key, or return the one that an interrupted rotation made."""
    in_force = DataKey.objects.filter(operator_id=operator_id, retired_at=None)
    newest = in_force.order_by("-version").first()
    if newest is None or in_force.count() == 1:
        newest = keys.make_key(operator_id, newest.version + 1 if newest else 1)
    keys.forget()
    return newest


def end_rotation(key: DataKey) -> None:
    """Retire the former keys of an operator: nothing is under them any longer."""
    former = DataKey.objects.filter(operator_id=key.operator_id, version__lt=key.version)
    former.filter(retired_at=None).update(retired_at=timezone.now())
