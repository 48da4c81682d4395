"""Which columns the tables of a season folder have beside those of a region, and how a row becomes a noun."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from nongshi.agronomy.varieties import DEFAULT_VARIETY, VARIETIES
from nongshi.agronomy.workable_table import SOILS
from nongshi.core.season import CROPS, METHODS, STAGES, STAGES_SEEN, Posted, SeasonOperation, Sowing, StageSeen, Town
from nongshi.files.rows import Row

Ids = Collection[str] | None
OFF_CALENDAR_D = 90  # assumption: nobody sows a variety so many days off its usual dates; it is a slip of the year

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "towns": ("town", "lon", "lat", "people"),
    "sowings": ("town", "crop", "variety", "method", "area_ha", "sown_from", "sown_to", "reported", "soil"),
    "stages": ("town", "crop", "variety", "stage", "date", "reported"),
    "posted": ("town", "operation", "date", "area_ha", "reported"),
    "season_operations": (
        *("operation", "crop", "method", "stage", "after_d", "window_d", "loss_yuan_ha_d", "value_yuan_ha"),
        *("machine_class", "wet_t_ha", "share"),
    ),
}
OPTIONAL: Mapping[str, frozenset[str]] = {
    "towns": frozenset({"people"}),
    "sowings": frozenset({"soil"}),
    "posted": frozenset({"reported"}),
    "season_operations": frozenset({"method", "value_yuan_ha", "wet_t_ha", "share"}),
}
KEYS: Mapping[str, tuple[str, ...]] = {
    "towns": ("town",),
    "stages": ("town", "crop", "variety", "stage"),
    "season_operations": ("operation", "crop", "method", "stage", "after_d"),
}


def make_town(row: Row) -> Town:
    """A row of towns.csv."""
    return Town(
        name=row.text("town"),
        lon=_between(row, "lon", 180.0),
        lat=_between(row, "lat", 90.0),
        people=int(row.number("people", least=0, default=0)),
    )


def make_sowing(row: Row, *, towns: Ids) -> Sowing:
    """A row of sowings.csv; an empty variety is the crop's usual one."""
    crop = row.known("crop", CROPS, "the list of crops")
    variety = _variety(row, crop)
    first = row.day("sown_from") if row.has("sown_from") else None
    last = row.day("sown_to") if row.has("sown_to") else None
    if (first is None) != (last is None) and not row.bad & {"sown_from", "sown_to"}:
        empty = "sown_from" if first is None else "sown_to"
        row.fault(empty, "only one of sown_from and sown_to is given", "fill in both, or leave both empty", value="")
    if first is not None and last is not None and not row.bad & {"sown_from", "sown_to"}:
        _check_sown(row, variety, first, last)
    return Sowing(
        town=row.known("town", towns, "towns.csv"),
        crop=crop,
        variety=variety,
        method=row.known("method", METHODS, "the list of methods"),
        area_ha=row.number("area_ha", above=0),
        sown_from=first,
        sown_to=last,
        reported=row.day("reported"),
        soil=row.known("soil", SOILS, "the list of soils") if row.has("soil") else None,
    )


def make_stage(row: Row, *, towns: Ids) -> StageSeen:
    """A row of stages.csv."""
    crop = row.known("crop", CROPS, "the list of crops")
    seen = StageSeen(
        town=row.known("town", towns, "towns.csv"),
        crop=crop,
        variety=_variety(row, crop),
        stage=row.known("stage", STAGES_SEEN, "the list of stages"),
        date=row.day("date"),
        reported=row.day("reported"),
    )
    if not row.bad and seen.reported < seen.date:
        row.fault("reported", f"lies before the stage itself ({seen.date})", "correct the one that is wrong")
    return seen


def make_posted(row: Row, *, towns: Ids, operations: Ids) -> Posted:
    """A row of posted.csv; where it does not say when it became known, that is the day it is wanted from."""
    day = row.day("date")
    return Posted(
        town=row.known("town", towns, "towns.csv"),
        operation=row.known("operation", operations, "the season's operations"),
        date=day,
        area_ha=row.number("area_ha", above=0),
        reported=row.day("reported") if row.has("reported") else day,
    )


def make_operation(row: Row, *, classes: Ids, rated: Ids) -> SeasonOperation:
    """A row of season_operations.csv; `rated` are the operations that work_rates.csv has a rate for."""
    return SeasonOperation(
        operation=row.known("operation", rated, "work_rates.csv"),
        crop=row.known("crop", CROPS, "the list of crops"),
        method=row.known("method", METHODS, "the list of methods") if row.has("method") else None,
        stage=row.known("stage", STAGES, "the list of stages"),
        after_d=row.number("after_d", least=-300, most=300),
        window_d=row.number("window_d", least=0, most=365),
        delay_fen_ha_d=row.money_fen("loss_yuan_ha_d"),
        value_fen_ha=row.money_fen("value_yuan_ha", default=0),
        machine_class=row.known("machine_class", classes, "machine_classes.csv"),
        wet_t_ha=row.number("wet_t_ha", least=0, most=100, default=0.0),
        share=row.number("share", least=0, most=1, default=1.0),
    )


def _variety(row: Row, crop: str) -> str:
    """A known variety of the crop, or the crop's usual one where the cell is empty."""
    if not row.has("variety"):
        return DEFAULT_VARIETY.get(crop, "")
    name = row.cell("variety")
    of_crop = sorted(one.id for one in VARIETIES.values() if one.crop == crop)
    if name not in VARIETIES:
        mend = f"write one of {', '.join(of_crop or sorted(VARIETIES))}, or leave it empty for the usual one"
        row.fault("variety", f"{name} is no variety that can be computed", mend)
    elif of_crop and name not in of_crop:
        row.fault(
            "variety", f"{name} is no variety of {crop}", f"write one of {', '.join(of_crop)}, or correct the crop"
        )
    return name


def _check_sown(row: Row, variety: str, first: date, last: date) -> None:
    """A window in order, at a time of year at which the variety can be sown."""
    if last < first:
        row.fault("sown_to", f"lies before sown_from ({first})", "swap the two, or correct the wrong one")
        return
    usual = VARIETIES.get(variety)
    if usual is None:
        return
    margin = timedelta(days=OFF_CALENDAR_D)
    years = (first.year - 1, first.year, first.year + 1)
    windows = [(date(y, *usual.sown_from) - margin, date(y, *usual.sown_to) + margin) for y in years]
    for column, day in (("sown_from", first), ("sown_to", last)):
        if not any(low <= day <= high for low, high in windows):
            usually = f"{usual.sown_from[0]}-{usual.sown_from[1]} to {usual.sown_to[0]}-{usual.sown_to[1]}"
            row.fault(column, f"{variety} cannot be sown then (usually {usually}, month-day)", "correct the date")
            return


def _between(row: Row, column: str, most: float) -> float:
    return row.number(column, least=-most, most=most)
