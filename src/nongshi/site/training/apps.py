"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    """Training."""

    name = "nongshi.site.training"
    label = "training"
    verbose_name = _("Training")
