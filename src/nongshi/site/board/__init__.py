"""Board: the dispatcher's plans: have one made, look at it machine by machine, put it in force.

So far a list and a table; the board to drag on follows. What a plan is decides :mod:`nongshi.dispatch`.
"""
