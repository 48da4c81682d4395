"""Which adapter serves a call."""

from nongshi.compute.local import LocalPool
from nongshi.compute.pool import Pool
from nongshi.core.errors import BadUsage


def open_pool(workers: int = 1, *, ray: str | None = None) -> Pool:
    """A pool of so many local processes (1: none but this), or of a Ray cluster.

    Args:
        workers: processes; on Ray, tasks at a time.
        ray: address of the cluster, such as `10.0.0.1:6379`; `local` starts one on this machine.

    Raises:
        BadUsage: fewer than one worker, or no cluster at the address.
        MissingExtra: Ray is wanted and not installed.
    """
    if workers < 1:
        raise BadUsage(f"at least 1 worker is needed, got {workers}")
    if ray is not None:
        from nongshi.compute.on_ray import RayPool

        return RayPool(ray, workers=workers)
    return LocalPool(workers)
