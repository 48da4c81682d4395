"""Tracks: what the fixes of machines and people mean.

Decides what a terminal's bytes say (:mod:`nongshi.tracks.jt808`), which fixes are work, road or idle, how much area was
worked and how sure that is, and who is inside which fence. Nouns: :class:`nongshi.geo.track.Track`,
:class:`nongshi.core.measured.WorkMeasured`.
Must not know files, stores, sockets or the clock: time comes in as a value.
"""
