"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """API."""

    name = "nongshi.site.api"
    label = "api"
    verbose_name = _("API")
