"""What `nongshi serve` does before and around the server: database, demo, worker, and an end within ten seconds."""

import gc
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from datetime import date
from types import FrameType

import django
import uvicorn
from django.core.management import call_command

from nongshi.site.base import sse

PARENT = "NONGSHI_WORKER_PARENT"  # set for a worker that ends with the server that started it
REQUESTS_END_S = 6  # requests and open streams may end in this time
WORKER_END_S = 8.0  # and the worker in this, counted from the same moment
ALL_END_S = 9.5  # after it the process ends whatever still runs; an open transaction is rolled back
DEMO_CPU_S = 4.0  # assumption: enough for a sound plan of the demo while somebody waits for it
ADMIN = "admin"
SIGNALS = (signal.SIGTERM, signal.SIGINT)


def set_up() -> None:
    """Django with our settings, the database at its newest shape; a signal to end is obeyed from here on."""
    for number in SIGNALS:
        signal.signal(number, _leave)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nongshi.site.settings")
    django.setup()
    call_command("migrate", verbosity=0, interactive=False)


def _leave(_number: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)  # what is half made is rolled back


def make_demo_if_empty(*, plan_later: bool) -> list[dict[str, str]]:
    """The demo's logins where it was made now, else none; its plan is made by the worker or at once."""
    from nongshi.site.base.models import Org, User
    from nongshi.site.base.scope import EVERYTHING
    from nongshi.site.demo import make_demo
    from nongshi.site.forecasts import demo as ahead
    from nongshi.site.forecasts.making import make_now
    from nongshi.site.orders.demo import make_all
    from nongshi.site.plans.first import plan_and_publish
    from nongshi.site.training.demo import make_training
    from nongshi.site.work.services import start

    if Org.objects.exists():
        return []
    season, logins = make_demo()
    make_all()
    district = Org.objects.get(code="jinshan")
    folder = ahead.keep_season(district)
    make_training(district, date.today())
    password = secrets.token_urlsafe(9)
    User.objects.create_superuser(ADMIN, password=password)
    given = {"season": season.pk, "cpu_s": DEMO_CPU_S, "seed": 1}
    if plan_later:
        start("first_plan", given, scope=EVERYTHING, org_id=season.org_id)
        ahead.start_forecast(folder)
    else:
        plan_and_publish(given, lambda share, words: None)
        make_now(folder)
    shown = [
        {"role": one.role.value, "org": one.org, "login": one.username, "password": one.password} for one in logins
    ]
    return [*shown, {"role": ADMIN, "org": "", "login": ADMIN, "password": password}]


def listen(host: str, port: int) -> socket.socket:
    """The server's socket, bound; 0 takes any free port.

    Raises:
        OSError: somebody else listens there.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    bound.listen(128)
    return bound


class Server(uvicorn.Server):
    """A server that passes the signal to end on to its worker, at once."""

    worker: subprocess.Popen[bytes] | None = None

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end: server and worker at the same time, and a limit on both."""
        super().handle_exit(sig, frame)
        sse.ENDING.set()
        if self.worker is not None:
            self.worker.terminate()
        limit = threading.Timer(ALL_END_S, os._exit, (0,))
        limit.daemon = True
        limit.start()


def run_server(bound: socket.socket, *, worker: bool) -> None:
    """Answer requests until a signal ends it; then nothing of ours runs any more."""
    config = uvicorn.Config(
        "nongshi.site.asgi:application",
        lifespan="off",
        access_log=False,  # addresses of signed links are secrets
        log_level="warning",
        timeout_graceful_shutdown=REQUESTS_END_S,
    )
    config.load()
    gc.collect()
    gc.freeze()  # code and settings stay: looking through them again and again stopped all answers for 0.2 s
    server = Server(config)
    for number in SIGNALS:  # uvicorn sets its own while it runs, and raises what it caught once more when it has ended
        signal.signal(number, server.handle_exit)
    server.worker = start_worker() if worker else None
    try:
        server.run(sockets=[bound])
    finally:
        if server.worker is not None:
            stop_worker(server.worker)


def start_worker() -> subprocess.Popen[bytes]:
    """A worker process; it ends when this process does, however that comes."""
    return subprocess.Popen(
        [sys.executable, "-c", "from nongshi.cli.main import run; run()", "worker"],
        env=os.environ | {PARENT: "1"},
        stdin=subprocess.PIPE,
        start_new_session=True,  # Ctrl-C reaches the server, which then tells the worker
    )


def stop_worker(worker: subprocess.Popen[bytes]) -> None:
    """End a worker; a run it was at begins again at the next start."""
    worker.terminate()
    try:
        worker.wait(timeout=WORKER_END_S)
    except subprocess.TimeoutExpired:
        worker.kill()
        worker.wait()


def run_worker() -> None:
    """Do long work until stopped."""
    set_up_quietly()
    from nongshi.site.work.worker import run_worker as run

    if os.environ.get(PARENT):
        threading.Thread(target=_end_with_parent, daemon=True).start()
    run()


def set_up_quietly() -> None:
    """Django with our settings; the database is the server's business."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "nongshi.site.settings")
    django.setup()


def _end_with_parent() -> None:
    """The other end of our input closes when the server is gone, even when it was killed."""
    sys.stdin.buffer.read()
    os.kill(os.getpid(), signal.SIGTERM)


def defaults(host: str, port: int) -> Mapping[str, str]:
    """Names and address that follow from where it listens, unless the environment says otherwise."""
    local = {"127.0.0.1", "localhost", "::1"}
    names = ["localhost", "127.0.0.1", "[::1]"]
    if host not in local:
        names += sorted({host, socket.gethostname()} - {"0.0.0.0", "::"})
    shown = "127.0.0.1" if host in local or host in ("0.0.0.0", "::") else host
    return {"NONGSHI_HOSTS": ",".join(names), "NONGSHI_URL": f"http://{shown}:{port}"}
