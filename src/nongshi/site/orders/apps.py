"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    """Orders."""

    name = "nongshi.site.orders"
    label = "orders"
    verbose_name = _("Orders")
