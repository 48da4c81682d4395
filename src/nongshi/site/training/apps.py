"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    """Training."""

    name = "nongshi.site.training"
    label = "training"
    verbose_name = _("Training")

    def ready(self) -> None:
        """Planning courses is long work: say so to whoever starts or does it."""
        from nongshi.site.training import planning  # noqa: F401 - it marks its kind
