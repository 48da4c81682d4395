"""Who may drive what in China: the driving licence classes of farm machines, and the spraying UAV's ticket."""

from collections.abc import Mapping
from dataclasses import dataclass

RULE = "拖拉机和联合收割机驾驶证管理规定, in force since 2018-06-01"
UAV_RULE = "民航综飞发〔2025〕1号, 2025-01-23: maker-issued ticket, trial rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceClass:
    """A class of licence: what it lets drive, and which classes it includes."""

    id: str
    name_zh: str
    name_en: str
    includes: tuple[str, ...]
    valid_years: int | None  # None: does not expire
    source: str
    date: str


def _licence(
    id: str, name_zh: str, name_en: str, *, includes: tuple[str, ...] = (), years: int | None = 6, source: str = RULE
) -> LicenceClass:
    return LicenceClass(
        id=id,
        name_zh=name_zh,
        name_en=name_en,
        includes=includes,
        valid_years=years,
        source=source,
        date="2026-11-23",
    )


LICENCE_CLASSES: Mapping[str, LicenceClass] = {
    licence.id: licence
    for licence in (
        _licence("G1", "轮式拖拉机", "wheeled tractor"),
        _licence("G2", "轮式拖拉机运输机组", "wheeled tractor with trailer", includes=("G1",)),
        _licence("K1", "手扶拖拉机", "walking tractor"),
        _licence("K2", "手扶拖拉机运输机组", "walking tractor with trailer", includes=("K1",)),
        _licence("L", "履带拖拉机", "crawler tractor"),
        _licence("R", "轮式联合收割机", "wheeled combine"),
        _licence("S", "履带式联合收割机", "tracked combine"),
        _licence("UAV", "农用无人驾驶航空器操作证", "agricultural UAV ticket", years=None, source=UAV_RULE),
    )
}
