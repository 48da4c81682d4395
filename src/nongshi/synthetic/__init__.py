"""Synthetic: regions that never were, but could be: fields, machines, people, weather and jobs from a seed.

Decides how a made-up region looks: five real towns with their villages' names, plots around them, fleets of
cooperatives, licences that run out, rain, and as many jobs as a wanted load needs. Everything is drawn from
one seed; the same arguments give the same region. Every region says that it is synthetic and carries the
assumptions it was made from.

Nouns: :class:`~nongshi.synthetic.seasons.Season`, :class:`~nongshi.synthetic.towns.Town`. Entry:
:func:`~nongshi.synthetic.generator.make_region`, :func:`~nongshi.synthetic.province.make_province`,
:func:`~nongshi.synthetic.load.load_reached`, :func:`~nongshi.synthetic.defaults.generator_assumptions`.
Must not know: plans, search, files, the clock.
"""

from nongshi.synthetic.defaults import generator_assumptions
from nongshi.synthetic.generator import make_region
from nongshi.synthetic.load import load_reached
from nongshi.synthetic.province import make_province
from nongshi.synthetic.seasons import SEASONS, Season
from nongshi.synthetic.towns import FIVE_TOWNS, Town, Village

__all__ = [
    "FIVE_TOWNS",
    "SEASONS",
    "Season",
    "Town",
    "Village",
    "generator_assumptions",
    "load_reached",
    "make_province",
    "make_region",
]
