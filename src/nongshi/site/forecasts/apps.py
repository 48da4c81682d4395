"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ForecastsConfig(AppConfig):
    """The season ahead."""

    name = "nongshi.site.forecasts"
    label = "forecasts"
    verbose_name = _("Season ahead")

    def ready(self) -> None:
        """Forecasting is long work: say so to whoever starts or does it."""
        from nongshi.site.forecasts import making  # noqa: F401 - it marks its kinds
