"""Gateway: where terminals connect, and where their fixes are kept.

Decides nothing about what a fix means (:mod:`nongshi.tracks` does); it answers a terminal only when the fix is durable.
"""
