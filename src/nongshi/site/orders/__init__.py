"""Orders: a job's way from a quote to its settlement, and the places of machines that orders hold.

Which moves there are is decided in `nongshi.market.orders`; the books are the app `money`'s.
"""
