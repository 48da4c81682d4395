"""How often something may be asked. Counted in the cache: by process, unless the settings name a shared one."""

import time

from django.core.cache import cache
from django.http import HttpRequest

from nongshi.site.base.faults import TooMany


def check_rate(name: str, who: str, *, times: int, per_s: int = 60) -> None:
    """Count one more request of somebody.

    Raises:
        TooMany: more than `times` in this window of `per_s` seconds.
    """
    left, reset_s = count_rate(name, who, times=times, per_s=per_s)
    if left < 0:
        raise TooMany(retry_s=reset_s)


def count_rate(name: str, who: str, *, times: int, per_s: int = 60) -> tuple[int, int]:
    """Count one more; how many are left (below 0: too many), and in how many seconds the window ends."""
    now = time.time()
    window = int(now // per_s)
    key = f"rate:{name}:{who}:{window}"
    cache.add(key, 0, timeout=2 * per_s)
    return times - cache.incr(key), max(1, int((window + 1) * per_s - now))


def address_of(request: HttpRequest) -> str:
    """From where a request comes."""
    return str(request.META.get("REMOTE_ADDR", ""))
