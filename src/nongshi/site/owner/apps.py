"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OwnerConfig(AppConfig):
    """My machines."""

    name = "nongshi.site.owner"
    label = "owner"
    verbose_name = _("My machines")
