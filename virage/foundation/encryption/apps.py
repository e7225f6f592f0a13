from django.apps import AppConfig


class EncryptionConfig(AppConfig):
    name = "virage.foundation.encryption"
    label = "encryption"
    verbose_name = "Chiffrement"
