from django.urls import path

from virage.foundation.ui import views

app_name = "ui"
urlpatterns = [
    path("composants/", views.gallery, name="gallery"),
    path("preferences/", views.preferences, name="preferences"),
]
