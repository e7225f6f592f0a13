from django.urls import path

from virage.plans import views

app_name = "plans"
urlpatterns = [
    path("mon-agenda/", views.feed, name="feed"),
    path("mon-agenda/supprimer/", views.feed_revoke, name="feed_revoke"),
    path("agenda/<str:token>.ics", views.feed_file, name="feed_file"),
]
