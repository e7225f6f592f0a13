"""Drafts and sent forms: nobody but their author's own account ever reads them."""

from django.db import models
from django.utils import timezone

from virage.foundation.ids import new_id


class Draft(models.Model):
    """What someone, in one situation, has begun to write in the form of one address.

    The text is encrypted under the operator's key, for this author and this address alone.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    operator_id = models.UUIDField("organisme gestionnaire")
    account_id = models.UUIDField("compte")
    membership_id = models.UUIDField("situation")
    address = models.CharField("adresse du formulaire", max_length=200)
    text = models.TextField("texte chiffré")
    saved_at = models.DateTimeField("gardé le", default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account_id", "membership_id", "address"], name="drafts_one_per_form"
            )
        ]
        indexes = [models.Index(fields=["saved_at"])]

    def __str__(self) -> str:
        return f"brouillon du {self.saved_at:%d/%m/%Y %H:%M}"


class SentForm(models.Model):
    """A form that was taken: the same one, sent again, leads where the first one led."""

    token = models.UUIDField(primary_key=True, editable=False)
    account_id = models.UUIDField("compte")
    led_to = models.CharField("a mené à", max_length=500, blank=True)
    sent_at = models.DateTimeField("envoyé le", default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["sent_at"])]

    def __str__(self) -> str:
        return f"formulaire du {self.sent_at:%d/%m/%Y %H:%M}"
