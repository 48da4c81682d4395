"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    """Register of fields, machines and people."""

    name = "nongshi.site.register"
    label = "register"
    verbose_name = _("Register of fields, machines and people")
