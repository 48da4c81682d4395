"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BaseConfig(AppConfig):
    """Base of the site."""

    name = "nongshi.site.base"
    label = "base"
    verbose_name = _("Organisations and people")
