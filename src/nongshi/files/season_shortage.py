"""The `operator_shortage` of season.json ("nongshi-season/1") becomes nouns, or a list of what is wrong with it."""

import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from nongshi.core.errors import BadInput, NotFound
from nongshi.core.season import OperatorShortage
from nongshi.core.units import FEN_PER_YUAN
from nongshi.files.faults import Faults
from nongshi.files.tables import read_text

FORMAT = "nongshi-season/1"
MEND = "write it again with: nongshi season shortage REGION --out season.json"


def read_operator_shortage(path: Path) -> tuple[tuple[OperatorShortage, ...], Mapping[str, Any]]:
    """What operators lack, and the whole season as it was written.

    Raises:
        NotFound: there is no such file.
        BadFiles: it is no season.json, or some of its rows cannot be right.
    """
    if not path.is_file():
        raise NotFound(f"{path} is not a file; name the season.json that nongshi season shortage wrote")
    faults = Faults()
    text = read_text(path, faults)
    faults.check()
    try:
        season = json.loads(text or "")
    except (ValueError, RecursionError) as error:
        faults.add(path.name, f"is no JSON: {error}", MEND)
        faults.check()
    if not isinstance(season, dict) or season.get("format") != FORMAT:
        told = season.get("format") if isinstance(season, dict) else None
        faults.add(path.name, f"is not {FORMAT}", MEND, column="format", value=told)
        faults.check()
    return operator_shortage_of(season, path.name), season


def operator_shortage_of(season: Mapping[str, Any], file: str = "season.json") -> tuple[OperatorShortage, ...]:
    """The rows of a season's answer as nouns.

    Raises:
        BadFiles: some of them cannot be right.
    """
    faults = Faults()
    rows = season.get("operator_shortage")
    if not isinstance(rows, list):
        faults.add(file, "has no list of shortages", MEND, column="operator_shortage")
        rows = []
    found = [_row(file, number, row, faults) for number, row in enumerate(rows, start=1)]
    faults.check()
    return tuple(row for row in found if row is not None)


def shortage_rows(shortage: tuple[OperatorShortage, ...]) -> list[dict[str, Any]]:
    """The same rows as season.json keeps them."""
    return [
        {
            "town": row.town,
            "week": row.week,
            "start": row.week_start.isoformat(),
            "licence": row.licence,
            "short_h": {"mean": round(row.mean_h, 2)},
            "short_h_scenarios": list(row.short_h),
            "price_yuan_h": row.price_fen_h / FEN_PER_YUAN,
            "idle_machines": row.idle_machines,
            "operator_h": row.operator_h,
        }
        for row in shortage
    ]


def _row(file: str, number: int, row: Any, faults: Faults) -> OperatorShortage | None:
    try:
        return OperatorShortage(
            town=str(row["town"]),
            week=int(row["week"]),
            week_start=date.fromisoformat(row["start"]),
            licence=str(row["licence"]),
            short_h=tuple(float(h) for h in row["short_h_scenarios"]),
            price_fen_h=round(Decimal(str(row["price_yuan_h"])) * FEN_PER_YUAN),
            idle_machines=float(row["idle_machines"]),
            operator_h=float(row["operator_h"]),
        )
    except KeyError as error:
        faults.add(file, f"operator_shortage number {number} has no {error.args[0]}", MEND, column=str(error.args[0]))
    except (TypeError, ValueError, ArithmeticError, BadInput) as error:
        faults.add(file, f"operator_shortage number {number} cannot be right: {error}", MEND)
    return None
