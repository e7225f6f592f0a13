from django.urls import path

from virage.foundation.ui import health, views

app_name = "ui"
urlpatterns = [
    path("ui/", views.gallery, name="gallery"),
    path("vivant/", health.alive, name="alive"),
    path("pret/", health.ready, name="ready"),
    path("preferences/", views.preferences, name="preferences"),
]
