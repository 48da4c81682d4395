"""What every page's template knows."""

from typing import Any

from django.http import HttpRequest

from nongshi.site.base.desks import desks_for


def page(request: HttpRequest) -> dict[str, Any]:
    """The reader, and the desks in their reach."""
    scope = getattr(request, "scope", None)
    return {
        "person": getattr(request, "person", None),
        "scope": scope,
        "desks": desks_for(scope) if scope is not None else (),
    }
