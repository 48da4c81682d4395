"""Seasons day by day: what a way of planning is worth when weather, breakdowns and people do what they do.

Decides what happens (drawn by seed, equal for every policy), what is known of it each morning, and what becomes of a
morning's plan in the field. A policy sees the region of that morning only: jobs that were called, fields that are not
done, machines where they stand, a forecast; never the future.

Nouns: :class:`~nongshi.simulate.truth.Truth`, :class:`~nongshi.simulate.season.Result`. Entry:
:func:`~nongshi.simulate.season.simulate`. Must not know: files, the command line, how a plot is drawn.
"""

from nongshi.simulate.compare import compare_policies
from nongshi.simulate.hazards import HAZARDS, Hazards
from nongshi.simulate.policies import POLICIES
from nongshi.simulate.season import Result, simulate

__all__ = ["HAZARDS", "POLICIES", "Hazards", "Result", "compare_policies", "simulate"]
