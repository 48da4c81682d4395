"""Addresses of the officer's desk."""

from django.urls import path

from nongshi.site.officer import reports_views, views

app_name = "officer"
urlpatterns = [
    path("reports/", reports_views.home, name="reports"),
    path("reports/make/", reports_views.make, name="make"),
    path("reports/settings/", reports_views.settings, name="settings"),
    path("reports/<int:report_id>.pdf", reports_views.one, name="kept"),
    path("open/<slug:code>/progress.<str:kind>", reports_views.open_data, name="open"),
    path("", views.home, name="home"),
    path("wall/", views.wall, name="wall"),
    path("season/<int:season_id>/places.geojson", views.places, name="places"),
    path("season/<int:season_id>/report-<int:days>.pdf", views.report, name="report"),
    path("season/<int:season_id>/progress.<str:kind>", views.export, name="export"),
]
