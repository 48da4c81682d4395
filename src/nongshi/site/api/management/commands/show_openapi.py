"""`nongshi manage show_openapi`: the OpenAPI document as the site serves it."""

import json
from typing import Any

from django.core.management.base import BaseCommand

from nongshi.site.api.document import make_document


class Command(BaseCommand):
    """Prints the document."""

    help = "Print the OpenAPI document of the API."

    def handle(self, *_: Any, **__: Any) -> None:
        """Print it."""
        self.stdout.write(json.dumps(make_document(), ensure_ascii=False))
