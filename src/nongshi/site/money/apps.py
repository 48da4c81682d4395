"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MoneyConfig(AppConfig):
    """Books and prices."""

    name = "nongshi.site.money"
    label = "money"
    verbose_name = _("Books and prices")
