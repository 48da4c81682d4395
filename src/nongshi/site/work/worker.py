"""The queue and its tasks (huey, its own SQLite file): `nongshi worker` runs them, `nongshi serve` starts one."""

import threading
from typing import Any

from django.conf import settings
from django.db import close_old_connections
from huey import SqliteHuey, crontab

from nongshi.site.work import services

queue = SqliteHuey("nongshi", filename=str(settings.HOME / "queue.sqlite3"), fsync=True)


@queue.task()
def work_on(run_id: int) -> None:
    """Do one run, if it still waits."""
    close_old_connections()
    run = services.claim(run_id)
    if run is not None:
        services.work(run)


@queue.periodic_task(crontab())
def take_up_lost() -> None:
    """Once a minute: runs whose worker died begin again."""
    close_old_connections()
    for run_id in services.list_lost():
        work_on(run_id)


def run_worker(**options: Any) -> None:
    """Work until stopped."""
    stop = threading.Event()
    for beside in services.BESIDE:
        threading.Thread(target=beside, args=(stop,), daemon=True).start()
    queue.create_consumer(workers=1, periodic=True, initial_delay=0.05, max_delay=1.0, **options).run()
    stop.set()
