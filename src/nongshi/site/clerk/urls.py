"""Addresses of the clerk's desk."""

from django.urls import path

from nongshi.site.clerk import views

app_name = "clerk"
urlpatterns = [
    path("", views.page, name="grid"),
    path("read", views.read, name="read"),
    path("check", views.check, name="check"),
    path("post", views.post, name="post"),
    path("asked/<int:ask_id>", views.answer, name="answer"),
    path("jobs/", views.jobs, name="jobs"),
    path("jobs.csv", views.download, {"kind": "csv"}, name="csv"),
    path("jobs.xlsx", views.download, {"kind": "xlsx"}, name="xlsx"),
    path("link/<int:person_id>", views.link, name="link"),
]
