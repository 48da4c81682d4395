"""Which columns each table of a region folder has, and how a row becomes a noun."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from nongshi.core.region import Dryer, Job, Machine, MachineClass, Operator, Workday, WorkRate
from nongshi.core.said import say
from nongshi.files.rows import Row, parse_day, parse_moment

# Licence classes of China's farm machinery (Ministry of Agriculture Order 2018 No. 1 and its form of 2018: tractors
# G1 G2 K1 K2 L, combines R S), and UAV for spraying drones: an assumption, their certificate is another authority's.
LICENCES = frozenset({"G1", "G2", "K1", "K2", "L", "R", "S", "UAV"})
HOURS_MAX_DEFAULT = 10.0  # docs/formats.md
PARTS_MAX = 999  # assumption: a job of more parts is a slip in part_max_ha

# Columns in the order of docs/formats.md; those in OPTIONAL may be left out of the header.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "machine_classes": ("machine_class", "name", "licence", "road_km_h", "load_min", "cost_yuan_km", "cost_yuan_h"),
    "loss_curves": ("loss_curve", "days_late", "loss_share"),
    "work_rates": ("machine_class", "operation", "rate_ha_h", "source"),
    "machines": ("id", "machine_class", "owner_id", "yard_lon", "yard_lat", "from", "to", "down"),
    "operators": ("id", "owner_id", "licences", "hours_max", "off_days", "shared"),
    "workdays": ("date", "machine_class", "start", "end"),
    "jobs": (
        *("id", "field_id", "operation", "area_ha", "open", "due", "close", "value_yuan", "loss_curve"),
        *("part_max_ha", "after_job_id", "after_h", "wet_t"),
    ),
    "dryers": ("id", "lon", "lat", "t_day", "hold_t", "down"),
}
OPTIONAL = frozenset(
    {"cost_yuan_h", "from", "to", "down", "hours_max", "off_days", "part_max_ha", "after_job_id", "after_h", "wet_t"}
)
KEYS: Mapping[str, tuple[str, ...]] = {
    "machine_classes": ("machine_class",),
    "loss_curves": ("loss_curve", "days_late"),
    "work_rates": ("machine_class", "operation"),
    "workdays": ("date", "machine_class"),
}  # all others: ("id",)

Ids = Collection[str] | None  # None: the file they stand in could not be read


def make_class(row: Row) -> MachineClass:
    """A row of machine_classes.csv."""
    if row.cell("machine_class") == "*":
        row.fault("machine_class", "* means all classes in workdays.csv", "give the class another name")
    return MachineClass(
        id=row.text("machine_class"),
        name=row.cell("name"),
        licence=row.cell("licence") or None,
        road_km_h=row.number("road_km_h", above=0),
        load_min=row.number("load_min", least=0),
        cost_fen_km=row.money_fen("cost_yuan_km"),
        cost_fen_h=row.money_fen("cost_yuan_h", default=0),
    )


def make_rate(row: Row, *, classes: Ids) -> WorkRate:
    """A row of work_rates.csv."""
    return WorkRate(
        machine_class=row.known("machine_class", classes, "machine_classes.csv"),
        operation=row.text("operation"),
        rate_ha_h=row.number("rate_ha_h", above=0),
        source=row.cell("source"),
    )


def make_machine(row: Row, *, classes: Ids, tz: ZoneInfo) -> Machine:
    """A row of machines.csv; a bare date in `to` is inclusive, hence the midnight behind it."""
    available_from = row.moment("from", tz, bare=0) if row.has("from") else None
    available_to = row.moment("to", tz, bare=1) if row.has("to") else None
    in_order = available_from is None or available_to is None or available_from <= available_to
    if not in_order and not row.bad & {"from", "to"}:
        row.fault(
            "to", say("lies before from (%(cell)s)", cell=row.cell("from")), "swap the two, or correct the wrong one"
        )
    lon, lat = _place(row, "yard_lon", "yard_lat")
    return Machine(
        id=row.text("id"),
        machine_class=row.known("machine_class", classes, "machine_classes.csv"),
        owner_id=row.text("owner_id"),
        yard_lon=lon,
        yard_lat=lat,
        available_from=available_from,
        available_to=available_to,
        down=_down(row, tz),
    )


def make_operator(row: Row, *, licences: Collection[str]) -> Operator:
    """A row of operators.csv; `licences` are the classes that anybody can hold."""
    return Operator(
        id=row.text("id"),
        owner_id=row.text("owner_id"),
        licences=read_licences(row, licences),
        hours_max=row.number("hours_max", above=0, most=24, default=HOURS_MAX_DEFAULT),
        off_days=_off_days(row),
        shared=row.flag("shared"),
    )


def make_workday(row: Row, *, classes: Ids) -> Workday:
    """A row of workdays.csv; `*` stands for all classes, no times for no work."""
    start, end = row.clock("start"), row.clock("end")
    if not row.bad and (start is None) != (end is None):
        empty = "start" if start is None else "end"
        row.fault(
            empty, "only one of start and end is given", "fill in both, or leave both empty for no work", value=""
        )
    if start is not None and end is not None and not start < end:
        row.fault(
            "end",
            say("does not lie after start (%(cell)s)", cell=row.cell("start")),
            "write a later end; no work: both empty",
        )
    day = row.day("date")
    every = row.cell("machine_class") == "*"
    machine_class = "*" if every else row.known("machine_class", classes, "machine_classes.csv")
    return Workday(date=day, machine_class=machine_class, start=start, end=end)


def make_job(row: Row, *, fields: Ids, curves: Ids, tz: ZoneInfo) -> Job:
    """A row of jobs.csv; what it says of other jobs is checked when all are read."""
    job = Job(
        id=row.text("id"),
        field_id=row.known("field_id", fields, "fields.geojson"),
        operation=row.text("operation"),
        area_ha=row.number("area_ha", above=0),
        open=row.moment("open", tz),
        due=row.moment("due", tz),
        close=row.moment("close", tz),
        value_fen=row.money_fen("value_yuan"),
        loss_curve=row.known("loss_curve", curves, "loss_curves.csv"),
        part_max_ha=row.number("part_max_ha", above=0) if row.has("part_max_ha") else None,
        after_job_id=row.cell("after_job_id") or None,
        after_h=row.number("after_h", least=0, default=0),
        wet_t=row.number("wet_t", least=0) if row.has("wet_t") else None,
    )
    _check_window(row, job)
    if not row.bad and job.parts > PARTS_MAX:
        problem = say(
            "splits %(area_ha)s ha into %(parts)s parts, at most %(parts_max)s are possible",
            area_ha=f"{job.area_ha:g}",
            parts=job.parts,
            parts_max=PARTS_MAX,
        )
        row.fault("part_max_ha", problem, "enlarge part_max_ha, or leave it empty to serve the job whole")
    return job


def make_dryer(row: Row) -> Dryer:
    """A row of dryers.csv."""
    lon, lat = _place(row, "lon", "lat")
    return Dryer(
        id=row.text("id"),
        lon=lon,
        lat=lat,
        t_day=row.number("t_day", least=0),
        hold_t=row.number("hold_t", least=0),
        down=_down_days(row),
    )


def _check_window(row: Row, job: Job) -> None:
    """open <= due <= close, told at the later of the two cells that contradict each other."""
    for earlier, later in (("open", "due"), ("due", "close")):
        if not row.bad & {earlier, later} and getattr(job, later) < getattr(job, earlier):
            mend = "the order must be open, due, close; correct the wrong one"
            row.fault(
                later, say("lies before %(earlier)s (%(earlier2)s)", earlier=earlier, earlier2=row.cell(earlier)), mend
            )


def _place(row: Row, lon_column: str, lat_column: str) -> tuple[float, float]:
    """A WGS 84 position; the commonest slip, latitude first, is named as such."""
    lon, lat = (row.number(column, least=-360, most=360) for column in (lon_column, lat_column))
    if row.bad & {lon_column, lat_column}:
        return 0.0, 0.0
    if abs(lat) > 90 >= abs(lon):
        row.fault(
            lat_column,
            "is no latitude (-90 to 90)",
            say(
                "%(lon_column)s and %(lat_column)s look swapped: longitude first",
                lon_column=lon_column,
                lat_column=lat_column,
            ),
        )
    elif abs(lat) > 90:
        row.fault(lat_column, "is no latitude (-90 to 90)", "write WGS 84 degrees, such as 30.79")
    if abs(lon) > 180:
        row.fault(lon_column, "is no longitude (-180 to 180)", "write WGS 84 degrees, such as 121.07")
    return lon, lat


def read_licences(row: Row, known: Collection[str]) -> dict[str, date]:
    """`S:2028-05-31;G1:2027-01-01`; Chinese punctuation is taken as well."""
    held: dict[str, date] = {}
    for item in _items(row.cell("licences")):
        name, colon, day_text = (part.strip() for part in item.replace("：", ":").partition(":"))
        last_day = parse_day(day_text)
        if not name or not colon or last_day is None:
            row.fault(
                "licences",
                say("cannot read %(item)s", item=f"{item!r}"),
                "write class:last valid day, such as S:2028-05-31;G1:2027-01-01",
            )
        elif name not in known:
            mend = say(
                "known are %(names)s; another must be named in machine_classes.csv", names=", ".join(sorted(known))
            )
            row.fault("licences", say("%(name)s is no known licence class", name=name), mend)
        elif name in held:
            row.fault("licences", say("%(name)s stands twice", name=name), "keep the one that is valid longer")
        else:
            held[name] = last_day
    return held


def _off_days(row: Row) -> frozenset[date]:
    found = set()
    for item in _items(row.cell("off_days")):
        day = parse_day(item)
        if day is None:
            row.fault(
                "off_days",
                say("cannot read %(item)s", item=f"{item!r}"),
                "write dates with semicolons between: 2026-11-03;2026-11-08",
            )
        else:
            found.add(day)
    return frozenset(found)


def _down(row: Row, tz: ZoneInfo) -> tuple[tuple[datetime, datetime], ...]:
    """Breakdowns, `2026-11-03T10:00/2026-11-04T12:00;...`, in order."""
    found = []
    for item in _items(row.cell("down")):
        since, slash, until = (part.strip() for part in item.partition("/"))
        begin, end = parse_moment(since), parse_moment(until)
        if begin is None or end is None or not slash or not begin < end:
            mend = "write from/to with the earlier first, such as 2026-11-03T10:00/2026-11-04T12:00, several with ;"
            row.fault("down", say("cannot read %(item)s", item=f"{item!r}"), mend)
        else:
            found.append((begin.replace(tzinfo=tz), end.replace(tzinfo=tz)))
    return tuple(sorted(found))


def _down_days(row: Row) -> tuple[tuple[date, date], ...]:
    """Days on which a dryer accepts nothing, `2026-11-03/2026-11-05;...`, both inclusive, in order."""
    found = []
    for item in _items(row.cell("down")):
        first, _, last = (part.strip() for part in item.partition("/"))
        begin, end = parse_day(first), parse_day(last or first)
        if begin is None or end is None or begin > end:
            mend = "write first/last day, such as 2026-11-03/2026-11-05, several with semicolons between"
            row.fault("down", say("cannot read %(item)s", item=f"{item!r}"), mend)
        else:
            found.append((begin, end))
    return tuple(sorted(found))


def _items(text: str) -> list[str]:
    return [item for item in (part.strip() for part in text.replace("；", ";").split(";")) if item]
