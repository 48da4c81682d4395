"""Vacancies from what operators lack, and who takes them: the same stable matching as for seats, pay and way shown."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from nongshi.agronomy.licence_rules import WAGE_YUAN_H, WAY_YUAN_KM, covers
from nongshi.core.season import OperatorShortage
from nongshi.core.training import Said
from nongshi.core.units import FEN_PER_YUAN, yuan
from nongshi.people.matching import Market, match

WEEK_D = 7
HALF = 0.5  # an operator is wanted where at least half of one is lacking (assumption)
DAYS_WEEK = 6  # of work, each a way there and back (assumption)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vacancy:
    """Work for one operator in weeks that follow each other."""

    id: str
    town: str
    licence: str
    start: date
    end: date  # last day
    hours: float  # expected
    pay_fen_h: int

    @property
    def pay_fen(self) -> int:
        """Of the whole vacancy."""
        return round(self.hours * self.pay_fen_h)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An operator or graduate who looks for work."""

    id: str
    town: str
    licences: Mapping[str, date]  # class -> last valid day
    available_from: date | None = None
    available_to: date | None = None
    wishes: tuple[str, ...] | None = None  # ids of vacancies; None: what is left of the pay after the way decides


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """One vacancy with who takes it."""

    candidate_id: str
    vacancy: Vacancy
    km: float  # from town to town
    way_fen: int
    said: Said


def make_vacancies(
    shortage: Iterable[OperatorShortage], wages_fen_h: Mapping[str, int] | None = None
) -> tuple[Vacancy, ...]:
    """As many operators a week as lack on average, no more than idle machines; weeks in a row are one vacancy.

    The first operator works all weeks in which at least half of one is lacking, the second those in which at least
    one and a half are, and so on; so the longest vacancies come first.
    """
    wages = default_wages() if wages_fen_h is None else wages_fen_h
    rows: dict[tuple[str, str], list[OperatorShortage]] = {}
    for row in shortage:
        if row.operator_h > 0 and row.licence in wages:
            rows.setdefault((row.town, row.licence), []).append(row)
    found: list[Vacancy] = []
    for (_, licence), mine in sorted(rows.items()):
        mine.sort(key=lambda row: row.week_start)
        layer = 0
        while runs := _runs(mine, layer):
            found += [_vacancy(run, layer, wages[licence]) for run in runs]
            layer += 1
    return tuple(found)


def _vacancy(run: Sequence[OperatorShortage], layer: int, pay_fen_h: int) -> Vacancy:
    first = run[0]
    return Vacancy(
        id=f"{first.town}-{first.licence}-{first.week_start}-{layer + 1}",
        town=first.town,
        licence=first.licence,
        start=first.week_start,
        end=run[-1].week_start + timedelta(days=WEEK_D - 1),
        hours=round(sum(min(1.0, wanted(row) - layer) * row.operator_h for row in run), 1),
        pay_fen_h=pay_fen_h,
    )


def wanted(row: OperatorShortage) -> float:
    """Operators that lack in the week on average and for whom there are machines."""
    return min(row.mean_h / row.operator_h, row.idle_machines)


def _runs(rows: Sequence[OperatorShortage], layer: int) -> list[list[OperatorShortage]]:
    """Weeks in a row that want one operator more than `layer`."""
    runs: list[list[OperatorShortage]] = []
    for row in rows:
        if wanted(row) - layer < HALF:
            continue
        if runs and (row.week_start - runs[-1][-1].week_start).days == WEEK_D:
            runs[-1].append(row)
        else:
            runs.append([row])
    return runs


def default_wages() -> dict[str, int]:
    """Licence -> fen an hour, from the table in agronomy."""
    return {licence: round(float(row.value) * FEN_PER_YUAN) for licence, row in WAGE_YUAN_H.items()}


def fits(candidate: Candidate, vacancy: Vacancy) -> bool:
    """Whether the licence lasts and the person is there to the last day."""
    can = any(vacancy.licence in covers(name) and last >= vacancy.end for name, last in candidate.licences.items())
    since, until = candidate.available_from or date.min, candidate.available_to or date.max
    return can and since <= vacancy.start and vacancy.end <= until


def place_people(
    vacancies: Sequence[Vacancy],
    candidates: Sequence[Candidate],
    km: Callable[[str, str], float],
    *,
    lottery_seed: str,
    way_fen_km: int = round(float(WAY_YUAN_KM.value) * FEN_PER_YUAN),
) -> tuple[tuple[Placed, ...], Market]:
    """Stable matching: people by wishes or by pay less way, vacancies by nearness, then the lottery.

    Returns:
        Who works where, by person; and the market, for an audit of blocking pairs.
    """
    by_id = {vacancy.id: vacancy for vacancy in vacancies}
    way = {(c.town, v.town): km(c.town, v.town) for c in candidates for v in vacancies}

    def way_fen(candidate: Candidate, vacancy: Vacancy) -> int:
        weeks = ((vacancy.end - vacancy.start).days + 1) / WEEK_D
        return round(2 * way[candidate.town, vacancy.town] * way_fen_km * DAYS_WEEK * weeks)

    wishes: dict[str, tuple[str, ...]] = {}
    for person in candidates:
        able = [v for v in vacancies if fits(person, v)]
        if person.wishes is not None:
            wishes[person.id] = tuple(w for w in person.wishes if any(v.id == w for v in able))
        else:
            left = {v.id: v.pay_fen - way_fen(person, v) for v in able}
            wishes[person.id] = tuple(sorted((v for v in left if left[v] > 0), key=lambda v: (-left[v], v)))
    town = {c.id: c.town for c in candidates}
    market = Market(
        wishes=wishes,
        seats=dict.fromkeys(by_id, 1),
        priority={(who, v): -round(way[town[who], by_id[v].town], 1) for who, mine in wishes.items() for v in mine},
        lottery_seed=lottery_seed,
    )
    person_of = {c.id: c for c in candidates}
    placed = []
    for who, vacancy_id in sorted(match(market).items()):
        vacancy = by_id[vacancy_id]
        there = way[town[who], vacancy.town]
        cost = way_fen(person_of[who], vacancy)
        placed.append(
            Placed(candidate_id=who, vacancy=vacancy, km=there, way_fen=cost, said=_said(vacancy, there, cost))
        )
    return tuple(placed), market


def _said(vacancy: Vacancy, km: float, way_fen: int) -> Said:
    return Said(
        zh=f"{vacancy.town}，{vacancy.licence}证，{vacancy.start}至{vacancy.end}，约{vacancy.hours:.0f}小时，"
        f"每小时{yuan(vacancy.pay_fen_h):g}元，共约{yuan(vacancy.pay_fen):,.0f}元；单程{km:.1f}公里，路费约{yuan(way_fen):,.0f}元",
        en=f"{vacancy.town}, {vacancy.licence}, {vacancy.start} to {vacancy.end}, about {vacancy.hours:.0f} h at "
        f"{yuan(vacancy.pay_fen_h):g} yuan, about {yuan(vacancy.pay_fen):,.0f} yuan; {km:.1f} km one way, "
        f"about {yuan(way_fen):,.0f} yuan for it",
    )
