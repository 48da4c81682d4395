"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Field jobs."""

    name = "nongshi.site.jobs"
    label = "jobs"
    verbose_name = _("Field jobs")
