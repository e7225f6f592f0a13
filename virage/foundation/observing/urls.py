from django.urls import path

from virage.foundation.observing import views

app_name = "observing"
urlpatterns = [path("metriques/", views.metrics, name="metrics")]
