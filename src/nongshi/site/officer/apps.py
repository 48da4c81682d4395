"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficerConfig(AppConfig):
    """District."""

    name = "nongshi.site.officer"
    label = "officer"
    verbose_name = _("District")
