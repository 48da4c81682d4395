"""Addresses of the operator's pages."""

from django.urls import path

from nongshi.site.cab import views

app_name = "cab"
urlpatterns = [
    path("", views.today, name="today"),
    path("cards/", views.cards, name="cards"),
    path("hours/", views.hours, name="hours"),
    path("me/", views.me, name="me"),
    path("consent/", views.consent, name="consent"),
    path("reports/", views.send, name="send"),
    path("token/", views.token, name="token"),
    path("photo/<int:report_id>", views.photo, name="photo"),
    path("sw.js", views.worker, name="worker"),
]
