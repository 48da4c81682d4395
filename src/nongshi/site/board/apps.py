"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BoardConfig(AppConfig):
    """Plans."""

    name = "nongshi.site.board"
    label = "board"
    verbose_name = _("Plans")
