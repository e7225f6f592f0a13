"""Confidentiality of a document."""

from django.db import models


class Confidentiality(models.TextChoices):
    """HL7 Confidentiality codes in use in France (N, R, V)."""

    NORMAL = "N", "Normale"
    RESTRICTED = "R", "Restreinte : son auteur et les personnes qui valident le volet"
    VERY_RESTRICTED = "V", "Très restreinte : son auteur"
