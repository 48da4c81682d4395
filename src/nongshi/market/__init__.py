"""Market: what people ask for, in their own words, what an order may become, and who gets which fen of it.

Decides how a line such as "张三 廊下3队 12亩 收割 周四前" is read and what of it is doubtful, which known plot it
speaks of, which work is likely wanted in a month, and which neighbours' plots make one round of a machine.

And the moves of an order and who may make them, the price of a job by a dated list, whether a measured area is settled
by itself, the lines of a settlement, what calling off costs, the books (double entry, whole fen), netting between
members with few transfers, and marks by fact.

Nouns: :class:`~nongshi.market.orders.Order`, :class:`~nongshi.market.prices.PriceList`,
:class:`~nongshi.market.settle.Sheet`, :class:`~nongshi.market.ledger.Ledger`,
:class:`~nongshi.market.reading.Reading`, :class:`~nongshi.market.match.Plot`, :class:`~nongshi.market.pool.Round`.
Entry: :func:`~nongshi.market.orders.move`, :func:`~nongshi.market.prices.price_job`,
:func:`~nongshi.market.settle.settle`, :func:`~nongshi.market.netting.net`,
:func:`~nongshi.market.freetext.read_text`, :func:`~nongshi.market.match.match`,
:func:`~nongshi.market.pool.pool`, :func:`~nongshi.market.suggest.suggest_works`.
Must not know: the site's rows, files, the clock ("today" is always given).
"""

from nongshi.market.freetext import read_text
from nongshi.market.match import Matched, Plot, match
from nongshi.market.pool import Round, Want, pool
from nongshi.market.reading import Doubt, Reading
from nongshi.market.suggest import suggest_works

__all__ = ["Doubt", "Matched", "Plot", "Reading", "Round", "Want", "match", "pool", "read_text", "suggest_works"]
