"""Gateway: where terminals connect, and where their fixes are kept.

Decides who may connect, how much, and when a terminal is answered: only when its fix is on the disk. What a fix means
decides :mod:`nongshi.tracks`. Nouns: :class:`~nongshi.gateway.store.PositionStore`, Gateway, Session.
Entry: :func:`nongshi.gateway.run.run_gateway`. Must not know fields, jobs or plans.
"""
