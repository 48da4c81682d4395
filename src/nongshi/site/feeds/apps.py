"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedsConfig(AppConfig):
    """Feeds."""

    name = "nongshi.site.feeds"
    label = "feeds"
    verbose_name = _("Feeds")
