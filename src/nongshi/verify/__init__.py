"""Verify: the judge. Says whether a plan keeps the rules of docs/formats.md, and what it is truly worth.

Decides which rules a plan breaks, and, for regions of a few jobs, what the best plan of all is worth.
Nouns: Verdict, Breach, Rule, Best. Enter by :func:`check_plan`, :func:`score`, :func:`best_value`, :func:`tiny_region`.
Must not know: the planner, its arrays, its distances or its clock. It is written from the rules alone, with the
nouns of core and the standard library, so that a mistake of the planner's cannot hide in code they share.
"""

from nongshi.verify.check import check_plan
from nongshi.verify.exhaustive import Best, best_plan, best_value
from nongshi.verify.rosters import TooLarge
from nongshi.verify.sums import check_figures, score
from nongshi.verify.tiny import tiny_region
from nongshi.verify.verdict import Breach, Rule, Verdict

__all__ = [
    "Best",
    "Breach",
    "Rule",
    "TooLarge",
    "Verdict",
    "best_plan",
    "best_value",
    "check_figures",
    "check_plan",
    "score",
    "tiny_region",
]
