"""The app's name for Django."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FeedsConfig(AppConfig):
    """Feeds."""

    name = "nongshi.site.feeds"
    label = "feeds"
    verbose_name = _("Feeds")

    def ready(self) -> None:
        """Hear of every event, send what is due beside the worker's queue, and tell pages what they show live."""
        from django.db.models.signals import post_save

        from nongshi.site.base.live_states import TOPICS, Topic
        from nongshi.site.base.models import Event
        from nongshi.site.base.services import HEARERS
        from nongshi.site.feeds import machines, notices, postman
        from nongshi.site.feeds.webhooks import leave_all_deliveries
        from nongshi.site.work import services

        post_save.connect(_heard, sender=Event, dispatch_uid="feeds.webhooks")
        services.BESIDE.append(postman.run_postman)
        HEARERS.append(leave_all_deliveries)
        TOPICS["unread"] = Topic(notices.read_unread)
        TOPICS["machines"] = Topic(machines.read_machines, every_s=machines.LOOK_S, asked=True)


def _heard(sender: Any, instance: Any, created: bool, raw: bool = False, **_more: Any) -> None:
    from nongshi.site.feeds.webhooks import leave_deliveries

    if created and not raw:
        leave_deliveries(instance)
