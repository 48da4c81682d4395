"""Addresses of the dispatcher's plans."""

from django.urls import path

from nongshi.site.board import ask_views, more_views, views

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
    path("plan/<int:plan_id>/table/", views.table, name="table"),
    path("plan/<int:plan_id>/draft/", views.draft, name="draft"),
    path("plan/<int:plan_id>/title/", views.title, name="title"),
    path("plan/<int:plan_id>/disrupt/<str:what>/", more_views.disrupt, name="disrupt"),
    path("plan/<int:plan_id>/changes/", more_views.changes, name="changes"),
    path("plan/<int:plan_id>/compare/", more_views.compare, name="compare"),
    path("plan/<int:plan_id>/sheets/", more_views.sheet_list, name="sheets"),
    path("plan/<int:plan_id>/sheets.pdf", more_views.sheet_pdf, name="sheets_pdf"),
    path("plan/<int:plan_id>/sheets/send/", more_views.send_sheets, name="send_sheets"),
    path("run/<int:run_id>/", more_views.run, name="run"),
    path("plan/<int:plan_id>/publish/", views.publish, name="publish"),
]
