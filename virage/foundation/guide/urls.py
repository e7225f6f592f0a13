from django.urls import path

from virage.foundation.guide import views

app_name = "guide"
urlpatterns = [
    path("aide/", views.index, name="index"),
    path("aide/<slug:key>/", views.topic, name="topic"),
    path("visite/", views.visit, name="visit"),
    path("visite/suivre/", views.follow, name="follow"),
    path("visite/ranger/", views.put_away, name="put_away"),
]
