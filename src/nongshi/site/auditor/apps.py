"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditorConfig(AppConfig):
    """Audit."""

    name = "nongshi.site.auditor"
    label = "auditor"
    verbose_name = _("Audit")
