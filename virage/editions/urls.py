"""Doors of the editions room."""

from django.urls import path

from virage.editions import views

app_name = "editions"
urlpatterns = [
    path("editions/presents/", views.present_list, name="present_list"),
    path("editions/<uuid:preparation_id>/", views.prepared, name="prepared"),
    path("editions/<uuid:preparation_id>/fichier/", views.prepared_file, name="prepared_file"),
    path("usagers/<uuid:person_id>/editions/", views.choice, name="choice"),
    path("usagers/<uuid:person_id>/editions/<slug:kind>/", views.person_edition, name="person"),
]
