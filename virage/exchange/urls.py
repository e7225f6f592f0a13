"""Doors of the exchange room."""

from django.urls import path

from virage.exchange import views

app_name = "exchange"
urlpatterns = [
    path("echanges/", views.import_list, name="import_list"),
    path("echanges/<uuid:import_id>/", views.import_report, name="import_report"),
    path("echanges/<uuid:import_id>/fichier/", views.import_file, name="import_file"),
    path("echanges/<uuid:import_id>/identite/", views.settle, name="settle"),
    path("echanges/<uuid:import_id>/ecarter/", views.discard, name="discard"),
    path("usagers/<uuid:person_id>/export/", views.export, name="export"),
    path("usagers/<uuid:person_id>/recu-non-repris/", views.received_list, name="received_list"),
    path(
        "usagers/<uuid:person_id>/recu-non-repris/<uuid:item_id>/",
        views.received_item,
        name="received_item",
    ),
]
