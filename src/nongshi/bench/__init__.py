"""Bench: our planner beside others, measured at equal CPU time and judged by the verifier.

Decides what is run and how the figures are compared. Nouns: Case (one generated region), a result row per engine.
Enter by :func:`bench_dispatch`; `python -m nongshi.bench.child` is one engine on one region in a process of its own.
Must not know: how any engine works.
"""

from nongshi.bench.dispatch import bench_dispatch, default_cpu_s
from nongshi.bench.start import bench_start
from nongshi.bench.tiny import bench_tiny

__all__ = ["bench_dispatch", "bench_start", "bench_tiny", "default_cpu_s"]
