from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "virage.documents"
    verbose_name = "Documents"
