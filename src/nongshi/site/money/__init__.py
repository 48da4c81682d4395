"""Money: accounts, books that only grow, price lists, payments.

What is paid for which work is decided in `nongshi.market`; the platform itself never holds money.
"""
