"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PlansConfig(AppConfig):
    """Plans and work orders."""

    name = "nongshi.site.plans"
    label = "plans"
    verbose_name = _("Plans and work orders")
