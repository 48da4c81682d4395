"""Room `forecast`: what work a season will ask for, and what will be short.

Decides: released work per town, operation and day with its uncertainty; shortage and prices of machines,
operators, dryers; what a season loses without foresight; cases side by side.
Nouns: Season, OperatorShortage (core.season), :class:`~nongshi.forecast.ahead.Ahead`,
:class:`~nongshi.forecast.shortage.Shortage`, :class:`~nongshi.forecast.whatif_cases.Case`. Entry:
:func:`~nongshi.forecast.ahead.look_ahead`, :func:`~nongshi.forecast.shortage.make_shortage`,
:func:`~nongshi.forecast.whatif.compare_cases`, :func:`~nongshi.forecast.answer.season_answer`.
Must not know: files, the network, Django; how a plan of one week is searched (dispatch); who is trained (people).
"""
