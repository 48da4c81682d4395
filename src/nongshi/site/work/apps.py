"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    """Long work."""

    name = "nongshi.site.work"
    label = "work"
    verbose_name = _("Long work")
