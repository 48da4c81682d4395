"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Field jobs."""

    name = "nongshi.site.jobs"
    label = "jobs"
    verbose_name = _("Field jobs")

    def ready(self) -> None:
        """Jobs come and leave as a list, too."""
        from nongshi.site.jobs import listing
        from nongshi.site.register import importers

        importers.FINDERS.append(listing.find)
