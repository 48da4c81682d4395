"""Core: the nouns that every room shares, their units, their times and their errors.

Decides nothing. Nouns: :class:`~nongshi.core.region.Region` and what stands in it,
:class:`~nongshi.core.plan.Plan` and what stands in it. Must not know: numpy, files, the site, the clock.
"""
