"""Addresses of the owner's pages."""

from django.urls import path

from nongshi.site.owner import views

app_name = "owner"
urlpatterns = [
    path("", views.home, name="home"),
    path("machine/<int:machine_id>/", views.machine, name="machine"),
    path("machine/<int:machine_id>/nearby/", views.nearby, name="nearby"),
    path("machine/<int:machine_id>/offer/<int:job_id>", views.offer, name="offer"),
    path("month/<int:year>-<int:month>/", views.month, name="month"),
]
