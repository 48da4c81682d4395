"""Geo: distances on the sphere and over the road, areas of outlines.

Decides nothing about jobs; which ways a farm machine may use, and how fast, stands in :mod:`nongshi.geo.ways`.
Nouns: Network, Roads. Entry: :func:`~nongshi.geo.distance.km_between`, :func:`~nongshi.geo.distance.km_matrix`,
:func:`~nongshi.geo.network.make_network`, :func:`~nongshi.geo.joining.make_roads`.
Must not know regions, plans or files.
"""
