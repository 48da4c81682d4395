"""Addresses of calendars, webhooks, notices, live events and OGC API Features."""

from django.urls import path

from nongshi.site.feeds import live_views, ogc_views, views

app_name = "feeds"
urlpatterns = [
    path("", views.home, name="home"),
    path("calendars/<int:pk>/revoke", views.revoke_calendar, name="revoke_calendar"),
    path("calendar/<str:secret>.ics", views.calendar, name="calendar"),
    path("webhooks/new", views.new_webhook, name="new_webhook"),
    path("webhooks/<int:pk>/", views.webhook, name="webhook"),
    path("webhooks/<int:pk>/test", views.test_webhook, name="test_webhook"),
    path("webhooks/<int:pk>/active", views.activate_webhook, name="activate_webhook"),
    path("webhooks/<int:pk>/revoke", views.revoke_webhook, name="revoke_webhook"),
    path("deliveries/<int:pk>/again", views.send_again, name="send_again"),
    path("notices/", views.notices, name="notices"),
    path("notices/count", views.count_notices, name="count_notices"),
    path("notices/read", views.read_notices, name="read_notices"),
    path("live", live_views.live, name="live"),
    path("ogc/", ogc_views.landing, name="ogc"),
    path("ogc/api", ogc_views.api, name="ogc_api"),
    path("ogc/page", ogc_views.page, name="ogc_page"),
    path("ogc/conformance", ogc_views.conformance, name="ogc_conformance"),
    path("ogc/collections", ogc_views.collections, name="ogc_collections"),
    path("ogc/collections/<str:name>", ogc_views.collection, name="ogc_collection"),
    path("ogc/collections/<str:name>/items", ogc_views.items, name="ogc_items"),
    path("ogc/collections/<str:name>/items/<str:number>", ogc_views.item, name="ogc_item"),
]
