"""Every door of the house."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("virage.foundation.ui.urls")),
    path("", include("virage.directory.urls")),
    path("", include("virage.exchange.urls")),
]
