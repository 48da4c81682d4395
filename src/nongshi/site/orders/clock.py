"""What the worker does beside its queue for orders: holds lapse, undisputed work is accepted and settled."""

import logging
import threading

from django.db import connections

from nongshi.site.orders import services

LOOK_S = 20.0  # how late a hold may lapse; who wants its hours takes them back at once anyway
_log = logging.getLogger(__name__)


def run_clock(stop: threading.Event) -> None:
    """Let time do its part until told to stop; a database that is away is asked again."""
    while True:
        try:
            services.tick()
        except Exception:
            _log.exception("what time does to orders")
        finally:
            connections.close_all()
        if stop.wait(LOOK_S):
            return
