"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """Plans and work orders."""

    name = "nongshi.site.plans"
    label = "plans"
    verbose_name = _("Plans and work orders")

    def ready(self) -> None:
        """Planning is long work: say so to whoever starts or does it."""
        from nongshi.site.plans import first, replans, services  # noqa: F401 - they mark their kinds
