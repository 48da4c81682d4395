"""Addresses of the officer's desk."""

from django.urls import path

from nongshi.site.officer import views

app_name = "officer"
urlpatterns = [
    path("", views.home, name="home"),
    path("wall/", views.wall, name="wall"),
    path("season/<int:season_id>/places.geojson", views.places, name="places"),
    path("season/<int:season_id>/report-<int:days>.pdf", views.report, name="report"),
    path("season/<int:season_id>/progress.<str:kind>", views.export, name="export"),
]
