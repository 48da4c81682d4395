"""A number that was put in, not measured on the day: what it is, and who says so."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from nongshi.core.errors import BadInput


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One default with its unit, source and date; a guess of ours says "assumption" in `source`.

    >>> Assumption(name="rate.uav.spray", value=4.5, unit="ha/h", source="assumption", date="2026-11-23").as_dict()
    {'name': 'rate.uav.spray', 'value': 4.5, 'unit': 'ha/h', 'source': 'assumption', 'date': '2026-11-23'}
    """

    name: str  # dotted: table, row, column
    value: float | str
    unit: str
    source: str
    date: str  # day on which the source was read or the guess was made, YYYY-MM-DD

    def __post_init__(self) -> None:
        """Refuse a default that does not say where it comes from."""
        for part in ("name", "unit", "source", "date"):
            if not getattr(self, part).strip():
                raise BadInput(f"assumption {self.name or '?'} has no {part}; every default says where it comes from")

    def as_dict(self) -> dict[str, float | str]:
        """Plain values, for JSON and TOML."""
        return asdict(self)


def make_assumptions(
    table: str, rows: Iterable[tuple[str, float | str, str, str]], *, date: str
) -> tuple[Assumption, ...]:
    """Rows of (name, value, unit, source) as the assumptions of a table, all of one date.

    >>> [one.name for one in make_assumptions("job", [("ahead", 400, "days", "assumption")], date="2026-11-27")]
    ['job.ahead']
    """
    return tuple(
        Assumption(name=f"{table}.{name}", value=value, unit=unit, source=source, date=date)
        for name, value, unit, source in rows
    )
