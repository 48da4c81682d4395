"""Market: what an order may become, what it costs, and who gets which fen of it.

Decides the moves of an order and who may make them, the price of a job by a dated list, whether a measured area is
settled by itself, the lines of a settlement, what calling off costs, the books (double entry, whole fen), netting
between members with few transfers, and marks by fact.

Nouns: :class:`~nongshi.market.orders.Order`, :class:`~nongshi.market.prices.PriceList`,
:class:`~nongshi.market.settle.Sheet`, :class:`~nongshi.market.ledger.Ledger`. Entry:
:func:`~nongshi.market.orders.move`, :func:`~nongshi.market.prices.price_job`, :func:`~nongshi.market.settle.settle`,
:func:`~nongshi.market.netting.net`. Must not know: the site's rows, files, the clock ("now" is always given).
"""
