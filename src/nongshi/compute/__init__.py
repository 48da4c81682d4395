"""Compute: the same function on many tasks, in processes of this machine or on a Ray cluster.

Decides where a task runs and what happens when a worker dies. Nouns: Pool (the port), with two adapters
that pass the same tests. Enter by :func:`open_pool`. A task is whatever one call works on; the function is of
a module, so that another process finds it, and task and result are sent as values.
Must not know: what the tasks are about.
"""

from nongshi.compute.opening import open_pool
from nongshi.compute.pool import Pool, WorkerDied

__all__ = ["Pool", "WorkerDied", "open_pool"]
