"""Addresses of the season ahead."""

from django.urls import path

from nongshi.site.forecasts import files_views, views, whatif_views

app_name = "forecasts"
urlpatterns = [
    path("", views.home, name="home"),
    path("kept/", files_views.kept, name="kept"),
    path("kept/send/", files_views.send, name="send"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/season.json", files_views.document, name="document"),
    path("<int:pk>/report.pdf", files_views.report, name="report"),
    path("<int:pk>/remove/", files_views.remove, name="remove"),
    path("<int:pk>/ask/", whatif_views.ask, name="ask"),
    path("whatif/<int:pk>/", whatif_views.whatif, name="whatif"),
    path("whatif/<int:pk>/share/", whatif_views.share, name="share"),
    path("whatif/<int:pk>/remove/", whatif_views.remove, name="remove_whatif"),
    path("folders/<int:pk>/make/", whatif_views.make, name="make"),
    path("seasons/<int:pk>/make/", whatif_views.from_season, name="from_season"),
    path("run/<int:pk>/", whatif_views.run, name="run"),
    path("run/<int:pk>/stop/", whatif_views.stop, name="stop"),
]
