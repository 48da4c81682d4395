"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    """Long work."""

    name = "nongshi.site.work"
    label = "work"
    verbose_name = _("Long work")

    def ready(self) -> None:
        """Join the queue to those who start work; the log of acts is sealed beside it."""
        from nongshi.site.base import audit
        from nongshi.site.work import services, worker  # models are there from now on

        services.QUEUES.append(worker.work_on)
        services.BESIDE.append(audit.run_sealer)
