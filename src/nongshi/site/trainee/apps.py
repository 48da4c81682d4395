"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TraineeConfig(AppConfig):
    """Courses and work."""

    name = "nongshi.site.trainee"
    label = "trainee"
    verbose_name = _("Courses and work")
