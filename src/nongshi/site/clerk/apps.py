"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClerkConfig(AppConfig):
    """Bookings."""

    name = "nongshi.site.clerk"
    label = "clerk"
    verbose_name = _("Bookings")
