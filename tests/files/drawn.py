"""One small region folder drawn as text, to be broken in one place at a time."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nongshi.core.errors import BadFiles, Fault
from nongshi.files.region_reader import read_region

SQUARE = [[121.0, 30.7], [121.002, 30.7], [121.002, 30.702], [121.0, 30.702], [121.0, 30.7]]

FILES = {
    "region.toml": """
name = "钱圩"
start_date = "2026-11-01"
horizon_days = 3
synthetic = true

[generator]
seed = 7
""",
    "machine_classes.csv": """
machine_class,name,licence,road_km_h,load_min,cost_yuan_km,cost_yuan_h
combine,履带收割机,S,20,20,6.0,70
tractor,拖拉机,G1,25,10,3.05,
""",
    "loss_curves.csv": """
loss_curve,days_late,loss_share
rice,0,0
rice,2,0.06
rice,5,0.33
sow,0,0
""",
    "work_rates.csv": """
machine_class,operation,rate_ha_h,source
combine,rice_harvest,0.36,"assumption, drawn"
tractor,wheat_sow,0.42,assumption
""",
    "machines.csv": """
id,machine_class,owner_id,yard_lon,yard_lat,from,to
M1,combine,C1,121.01,30.71,,
M2,tractor,C1,121.01,30.71,2026-11-02,2026-11-03
""",
    "operators.csv": """
id,owner_id,licences,hours_max,off_days,shared
P1,C1,S:2028-05-31;G1:2027-01-01,,2026-11-03,false
P2,C2,,9.5,,true
""",
    "workdays.csv": """
date,machine_class,start,end
2026-11-01,*,07:00,17:30
2026-11-01,combine,08:00,17:30
2026-11-02,*,,
2026-12-24,*,07:00,17:30
""",
    "jobs.csv": """
id,field_id,operation,area_ha,open,due,close,value_yuan,loss_curve,part_max_ha,after_job_id,after_h,wet_t
J1,F1,rice_harvest,3.5,2026-11-01T07:00,2026-11-02T18:00,2026-11-03T18:00,2705.22,rice,1.5,,,31.5
J2,F1,wheat_sow,3.5,2026-11-01T07:00,2026-11-02T18:00,2026-11-03T18:00,900,sow,,J1,12,
""",
    "dryers.csv": """
id,lon,lat,t_day,hold_t
D1,121.02,30.72,50,30.5
""",
}


def feature(field_id: str = "F1", ring: Any = SQUARE, **properties: Any) -> dict[str, Any]:
    """A square field, or one of another ring, with its properties."""
    known = {"id": field_id, "name": "一号田", "place": "钱圩村", "grower_id": "G1", "town": "金山卫镇"}
    return {
        "type": "Feature",
        "properties": known | properties,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def fields(*features: dict[str, Any]) -> str:
    """The text of fields.geojson."""
    return json.dumps({"type": "FeatureCollection", "features": list(features)}, ensure_ascii=False)


def folder(at: Path, **changed: str | bytes | None) -> Path:
    """Draw the folder into `at`; `jobs="..."` replaces jobs.csv, `jobs=None` leaves it out."""
    at.mkdir(exist_ok=True)
    texts: dict[str, str | bytes | None] = {name: text.lstrip("\n") for name, text in FILES.items()}
    texts["fields.geojson"] = fields(feature(area=4.2))
    for stem, text in changed.items():
        name = next(name for name in texts if name.partition(".")[0] == stem)
        texts[name] = text.lstrip("\n") if isinstance(text, str) else text
    for name, content in texts.items():
        if content is not None:
            (at / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return at


def swapped(stem: str, old: str, new: str) -> str:
    """A table's text with one place changed; the place must be there."""
    name = next(name for name in FILES if name.partition(".")[0] == stem)
    assert old in FILES[name], f"{old!r} is not in {name}"
    return FILES[name].replace(old, new, 1)


def faults_of(at: Path) -> tuple[Fault, ...]:
    """What reading the folder complains of; none where it is sound."""
    try:
        read_region(at)
    except BadFiles as error:
        return error.faults
    return ()


def places(faults: Iterable[Fault]) -> list[tuple[str, int | None, str | None, str | None]]:
    """Where each fault stands and what stands there."""
    return [(fault.file, fault.row, fault.column, fault.value) for fault in faults]
