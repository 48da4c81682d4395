"""Addresses of the season ahead."""

from django.urls import path

from nongshi.site.forecasts import files_views, views

app_name = "forecasts"
urlpatterns = [
    path("", views.home, name="home"),
    path("kept/", files_views.kept, name="kept"),
    path("kept/send/", files_views.send, name="send"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/season.json", files_views.document, name="document"),
    path("<int:pk>/report.pdf", files_views.report, name="report"),
    path("<int:pk>/remove/", files_views.remove, name="remove"),
]
