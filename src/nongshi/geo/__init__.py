"""Geo: distances on the sphere, areas of outlines.

Decides nothing about jobs. Entry: :func:`~nongshi.geo.distance.km_between`,
:func:`~nongshi.geo.distance.km_matrix`. Must not know regions, plans or files.
"""
