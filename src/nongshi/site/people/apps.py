"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PeopleConfig(AppConfig):
    """People."""

    name = "nongshi.site.people"
    label = "people"
    verbose_name = _("People")

    def ready(self) -> None:
        """People come and leave as a list, too."""
        from nongshi.site.people import importer
        from nongshi.site.register import importers

        importers.FINDERS.append(importer.find)
