"""Addresses of the dispatcher's plans."""

from django.urls import path

from nongshi.site.board import ask_views, views

app_name = "board"
urlpatterns = [
    path("", views.home, name="home"),
    path("season/<int:season_id>/plan/", views.make, name="make"),
    path("plan/<int:plan_id>/", views.one, name="one"),
    path("plan/<int:plan_id>/data", ask_views.board_data, name="data"),
    path("plan/<int:plan_id>/outlines", ask_views.outlines, name="outlines"),
    path("plan/<int:plan_id>/pulse", ask_views.pulse, name="pulse"),
    path("plan/<int:plan_id>/places", ask_views.where, name="places"),
    path("plan/<int:plan_id>/why", ask_views.why, name="why"),
    path("plan/<int:plan_id>/change", ask_views.change, name="change"),
    path("plan/<int:plan_id>/publish/", views.publish, name="publish"),
]
