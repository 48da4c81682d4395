"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SeasonsConfig(AppConfig):
    """Seasons."""

    name = "nongshi.site.seasons"
    label = "seasons"
    verbose_name = _("Seasons")
