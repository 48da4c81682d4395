"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FarmerConfig(AppConfig):
    """My jobs."""

    name = "nongshi.site.farmer"
    label = "farmer"
    verbose_name = _("My jobs")
