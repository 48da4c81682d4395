"""Dispatch: which machine, with which operator, works which field when, and how far from the best that can be.

Decides: crews, routes, times, the proven bound and its prices, the reason of every job left out.
Nouns: Problem (a region in arrays), Solution (crew and routes), Bounding. Enter by :func:`solve`.
Must not know: files, the command line, the verifier.
"""

from typing import Any

__all__ = ["ENGINES", "Step", "solve"]


def __getattr__(name: str) -> Any:
    """Load the planner, and with it the compiler, only when it is used."""
    if name not in __all__:
        raise AttributeError(name)
    from nongshi.dispatch import run

    return getattr(run, name)
