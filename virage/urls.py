"""Every door of the house."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("virage.foundation.ui.urls")),
    path("", include("virage.foundation.guide.urls")),
    path("brouillons/", include("virage.foundation.drafts.urls")),
    path("", include("virage.foundation.observing.urls")),
    path("", include("virage.directory.urls")),
    path("", include("virage.plans.urls")),
    path("usagers/", include("virage.persons.urls")),
    path("", include("virage.record.urls")),
    path("", include("virage.exchange.urls")),
    path("", include("virage.editions.urls")),
]

handler400 = "virage.foundation.ui.views.bad_request"
handler403 = "virage.foundation.ui.views.permission_denied"
handler404 = "virage.foundation.ui.views.page_not_found"
handler500 = "virage.foundation.ui.views.server_error"
