"""Room `people`: which courses open, who is trained, who takes which work.

Decides: the training plan, seats by stable matching with the reason of each, renewals in time, operators for vacancies,
how far people came from a seat to paid work.
Nouns: OperatorShortage (core.season), Course, Trainee, Training (core.training).
Entry: :func:`~nongshi.people.train.train`, `renewals.plan_renewals`, `jobs.make_vacancies`,
`jobs.place_people`, `funnel.count`.
Must not know: files, the network, Django; how a shortage was forecast (forecast).
"""
