from django.urls import path

from virage.foundation.drafts import views

app_name = "drafts"
urlpatterns = [
    path("garder/", views.keep, name="keep"),
    path("effacer/", views.erase, name="erase"),
]
