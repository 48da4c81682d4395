"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OfficerConfig(AppConfig):
    """District."""

    name = "nongshi.site.officer"
    label = "officer"
    verbose_name = _("District")

    def ready(self) -> None:
        """Reports are long work, and some are made by themselves each morning."""
        from huey import crontab

        from nongshi.site.officer.reports import make_morning_reports
        from nongshi.site.work.worker import queue

        queue.periodic_task(crontab(minute="*/10"))(make_morning_reports)
