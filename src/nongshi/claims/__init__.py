"""Claims: whether a subsidy claim holds, from its track, papers and the claims beside it.

Decides what is flagged, with a risk and a reason in both languages. Nouns: :class:`~nongshi.core.claim.Claim`,
:class:`~nongshi.claims.case.Case` (a claim with its proof), :class:`~nongshi.claims.flags.Flag`. Entry:
:func:`~nongshi.claims.review.review`. Must not know: bundles, files, who may read them, the clock.
"""

from nongshi.claims.case import Case
from nongshi.claims.flags import Flag, FlagKind
from nongshi.claims.review import Reviewed, review

__all__ = ["Case", "Flag", "FlagKind", "Reviewed", "review"]
