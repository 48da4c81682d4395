"""Addresses of the dispatcher's plans."""

from django.urls import path

from nongshi.site.board import views

app_name = "board"
urlpatterns = [
    path("", views.home, name="home"),
    path("season/<int:season_id>/plan/", views.make, name="make"),
    path("plan/<int:plan_id>/", views.one, name="one"),
    path("plan/<int:plan_id>/publish/", views.publish, name="publish"),
]
