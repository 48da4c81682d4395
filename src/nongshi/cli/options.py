"""Arguments and options that several commands take, so that they mean the same everywhere."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

CPU_S = 30.0  # as nongshi.api.CPU_S, not imported so that --help stays quick; a test holds them equal


class Engine(StrEnum):
    """Who makes the plan; a test holds this equal to nongshi.dispatch.ENGINES."""

    OWN = "own"
    ORTOOLS = "ortools"
    PYVRP = "pyvrp"
    EDD = "edd"
    NEAREST = "nearest"


class Season(StrEnum):
    """What a generated region is about."""

    RICE_HARVEST = "rice-harvest"
    MAY_TURNROUND = "may-turnround"


class Lang(StrEnum):
    """The language of tables and messages."""

    EN = "en"
    ZH = "zh"


RegionFolder = Annotated[Path, typer.Argument(metavar="REGION", help="Folder of the region (docs/formats.md).")]
PlanFile = Annotated[Path, typer.Argument(metavar="PLAN", help="plan.json that nongshi plan wrote.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of a table.")]
InLang = Annotated[Lang | None, typer.Option("--lang", help="Language of tables; default: as LC_ALL or LANG says.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Same seed, same result.")]
CpuS = Annotated[float | None, typer.Option("--cpu-s", help=f"CPU seconds to plan for; default {CPU_S:.0f}.")]
Iterations = Annotated[
    int | None, typer.Option("--iterations", help="Search steps to plan for instead: reproducible anywhere.")
]
RoadsFile = Annotated[
    Path | None,
    typer.Option("--roads", help="OpenStreetMap extract (.osm, .osm.gz, .osm.pbf): distances over its roads."),
]
EngineName = Annotated[Engine, typer.Option("--engine", help="Who plans: our search, or one to compare with.")]


def budget(cpu_s: float | None, iterations: int | None) -> tuple[float, int | None]:
    """The budget of a search: seconds or steps, never both, always above zero."""
    from nongshi.api import check_budget
    from nongshi.core.errors import BadInput

    if cpu_s is not None and iterations is not None:
        raise typer.BadParameter("--cpu-s and --iterations exclude each other; give one of them")
    try:
        check_budget(cpu_s=cpu_s, iterations=iterations)
    except BadInput as fault:
        raise typer.BadParameter(str(fault)) from fault
    return CPU_S if cpu_s is None else cpu_s, iterations


def listed(words: str) -> list[str]:
    """Words with commas.

    >>> listed("edd, own,")
    ['edd', 'own']
    """
    return [word.strip() for word in words.split(",") if word.strip()]
