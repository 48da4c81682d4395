"""The app's name for Django."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OrdersConfig(AppConfig):
    """Orders."""

    name = "nongshi.site.orders"
    label = "orders"
    verbose_name = _("Orders")

    def ready(self) -> None:
        """Follow plans and reports, lead jobs, and let time do its part beside the worker's queue."""
        from nongshi.site.jobs import services as jobs
        from nongshi.site.orders import clock, following, measuring  # noqa: F401 (its kind of long work)
        from nongshi.site.plans import hooks
        from nongshi.site.work import services as work

        jobs.LEADERS.append(following.lead_job)
        hooks.PUBLISHED.append(following.follow_published)
        hooks.REPORTED.append(following.follow_report)
        work.BESIDE.append(clock.run_clock)
