"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CabConfig(AppConfig):
    """My work."""

    name = "nongshi.site.cab"
    label = "cab"
    verbose_name = _("My work")
