"""Addresses of the base pages."""

from django.urls import path, register_converter

from nongshi.site.base import views


class _Way:
    """session, link or token."""

    regex = "session|link|token"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(_Way, "way_in")
app_name = "base"
urlpatterns = [
    path("", views.home, name="home"),
    path("l/<str:secret>", views.follow, name="follow"),
    path("link", views.link_help, name="link_help"),
    path("access", views.ways_in, name="access"),
    path("access/<way_in:what>/<int:pk>/revoke", views.revoke, name="revoke"),
    path("language", views.language, name="language"),
    path("sign-out", views.sign_out, name="sign_out"),
    path("health", views.health, name="health"),
]
