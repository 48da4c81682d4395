"""Room `people`: which courses open, who is trained, who takes which work.

Decides: the training plan, seats by stable matching, renewals in time, operators for vacancies.
Nouns: OperatorShortage (core.season).
Must not know: files, the network, Django; how a shortage was forecast (forecast).
"""
