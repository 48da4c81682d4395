"""The API's own pages: its OpenAPI document, and a list of its operations for people to read."""

import json

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from nongshi.site.api.document import TAGS, list_operations, make_document


@require_safe
@transaction.non_atomic_requests
def document(request: HttpRequest) -> HttpResponse:
    """OpenAPI 3.1."""
    body = json.dumps(make_document(), ensure_ascii=False, indent=1)
    return HttpResponse(body, content_type="application/json")


@require_safe
def reference(request: HttpRequest) -> HttpResponse:
    """Operations by tag, each with address, right and what it says of itself."""
    found = [
        {"method": method, "path": path, "right": one["x-right"], **one} for method, path, one in list_operations()
    ]
    groups = [
        {"name": name, "words": words, "operations": [one for one in found if name in one.get("tags", [])]}
        for name, words in TAGS.items()
    ]
    return render(request, "api/reference.html", {"groups": groups, "count": len(found)})
