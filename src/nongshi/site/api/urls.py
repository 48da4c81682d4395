"""Addresses of the API."""

from django.urls import include, path, re_path

from nongshi.site.api import views
from nongshi.site.api.ninja_api import make_patterns, nothing_here
from nongshi.site.base.api_http import guard

app_name = "api"
v1 = [
    path("openapi.json", views.document, name="document"),
    path("docs", views.reference, name="reference"),
    *make_patterns(),
    re_path(r"^.*$", guard(nothing_here, lambda method: "open"), name="nothing"),
]
urlpatterns = [path("v1/", include(v1))]
