"""Security headers: what a page may load, and what it may ask of the phone."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse

PERMISSIONS = (
    "geolocation=(self), camera=(self), microphone=(self), publickey-credentials-get=(self), payment=(), usb=()"
)


class HeadersMiddleware:
    """Everything comes from this host. Styles may stand in attributes (bars, charts' tooltips), never in elements."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response
        self._policy = policy(settings.TILES["url"])

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request, headers on."""
        response = self._get_response(request)
        response.headers.setdefault("Content-Security-Policy", self._policy)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response


def policy(tiles_url: str) -> str:
    """The Content-Security-Policy; map tiles of another host only where the settings name one.

    >>> "tiles.example" in policy("https://tiles.example/{z}/{x}/{y}.png")
    True
    """
    host = urlsplit(tiles_url)
    images = f" {host.scheme}://{host.netloc}" if host.netloc else ""
    rules = (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "style-src-attr 'unsafe-inline'",
        f"img-src 'self' data: blob:{images}",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
    return "; ".join(rules)
