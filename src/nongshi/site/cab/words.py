"""Codes of reports in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

PROBLEM_NAMES: Mapping[str, tuple[Any, str]] = {  # code -> name, symbol
    "breakdown": (_("Machine broken"), "wrench"),
    "stuck": (_("Stuck"), "truck"),
    "wet": (_("Too wet"), "rain"),
    "access": (_("No way in"), "lock"),
    "weather": (_("Weather"), "cloudoff"),
    "absent": (_("Grower not there"), "user"),
    "other": (_("Something else"), "info"),
}


def problem_choices() -> list[dict[str, Any]]:
    """What the page offers as a problem."""
    return [{"code": code, "name": name, "icon": icon} for code, (name, icon) in PROBLEM_NAMES.items()]
