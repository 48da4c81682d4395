"""Reading one job from a JSON file: the names and units of a row of jobs.csv, and a field if it is a new one."""

import json
from pathlib import Path
from typing import Any

from nongshi.core.errors import NotFound
from nongshi.core.region import Field, Job, Polygon, Region
from nongshi.files.faults import Faults
from nongshi.files.region_rows import COLUMNS, OPTIONAL, make_job
from nongshi.files.rows import Row
from nongshi.files.tables import read_text

NEEDED = tuple(name for name in COLUMNS["jobs"] if name not in OPTIONAL)
GATE_DECIMALS = 7  # 1 cm, as in fields.geojson


def read_job(path: Path, region: Region) -> tuple[Job, Field | None]:
    """Read a job, and its field where the file brings one.

    Raises:
        NotFound: there is no such file.
        BadFiles: all that is wrong with it, each with its key and mend.
    """
    path = Path(path)
    if not path.is_file():
        raise NotFound(f"{path} is not a file; name the JSON file of the job (docs/commands.md, nongshi quote)")
    faults = Faults()
    document = _document(path, faults)
    faults.check()
    field = _field(path.name, document, faults)
    row = Row(path.name, 0, {key: _cell(value) for key, value in document.items()}, _Keyed(path.name, faults))
    if field is not None and not row.has("field_id"):
        row = Row(
            path.name,
            0,
            {key: _cell(value) for key, value in document.items()} | {"field_id": field.id},
            _Keyed(path.name, faults),
        )
    known = set(region.field_of) | ({field.id} if field is not None else set())
    job = make_job(row, fields=known, curves=region.curve_of, tz=region.tz)
    _check_references(row, job, field, region)
    faults.check()
    return job, field


def _document(path: Path, faults: Faults) -> dict[str, Any]:
    text = read_text(path, faults)
    faults.check()
    try:
        document = json.loads(text or "")
    except (ValueError, RecursionError) as error:
        faults.add(path.name, f"is no JSON: {error}", "correct it there; docs/commands.md shows an example")
        return {}
    if not isinstance(document, dict):
        faults.add(path.name, "is not one job", "write the job in braces: {...}")
        return {}
    return document


class _Keyed(Faults):
    """Takes a row's faults and passes them on without a row: a JSON object has keys only."""

    def __init__(self, file: str, faults: Faults) -> None:
        super().__init__()
        self._to = faults

    def add(
        self,
        file: str,
        problem: str,
        mend: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
    ) -> None:
        """Note one fault."""
        self._to.add(file, problem, mend, column=column, value=value)


def _cell(value: Any) -> str:
    """The text that would stand in the table's cell."""
    if value is None or isinstance(value, dict | list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()


def _check_references(row: Row, job: Job, field: Field | None, region: Region) -> None:
    if job.after_job_id is not None and job.after_job_id not in region.job_of:
        row.fault("after_job_id", "does not stand in jobs.csv", "correct it, or leave it out")
    if field is not None and job.field_id != field.id and "field_id" not in row.bad:
        row.fault("field_id", f"is not the id of the field given ({field.id})", "give one of the two")
    if field is not None and field.id in region.field_of:
        row.fault("field", f"{field.id} stands in fields.geojson already", "give field_id only, or another id")


def _field(file: str, document: dict[str, Any], faults: Faults) -> Field | None:
    """The field behind the key `field`: a gate `lon`, `lat`, or an outline as GeoJSON `geometry`."""
    given = document.get("field")
    if given is None:
        return None
    if not isinstance(given, dict):
        faults.add(file, "is not an object", 'write it as {"id": ..., "lon": ..., "lat": ...}', column="field")
        return None
    polygons, gate = _outline(file, given.get("geometry"), faults)
    row = Row(file, 0, {name: _cell(value) for name, value in given.items()}, _Keyed(file, faults))
    names = ("gate_lon", "gate_lat") if row.has("gate_lon") or row.has("gate_lat") else ("lon", "lat")
    if gate is None or any(row.has(name) for name in names):
        gate = row.number(names[0], least=-180, most=180), row.number(names[1], least=-90, most=90)
    return Field(
        id=row.text("id"),
        name=row.cell("name"),
        place=row.cell("place"),
        grower_id=row.cell("grower_id"),
        area_ha=None,
        gate_lon=gate[0],
        gate_lat=gate[1],
        polygons=polygons,
    )


def _outline(file: str, geometry: Any, faults: Faults) -> tuple[tuple[Polygon, ...], tuple[float, float] | None]:
    """The outline's polygons and a point inside; nothing where no outline is given."""
    if geometry is None:
        return (), None
    import shapely  # takes 0.1 s to load; most jobs bring no outline

    try:
        shape = shapely.from_geojson(json.dumps(geometry))
        sound = shape.geom_type in ("Polygon", "MultiPolygon") and shape.is_valid and not shape.is_empty
    except (shapely.errors.GEOSException, TypeError, ValueError):
        sound = False
    if not sound:
        mend = "draw it as one Polygon whose outline does not cross itself, or give lon and lat of the gate"
        faults.add(file, "is no sound GeoJSON Polygon", mend, column="field.geometry", value=str(geometry))
        return (), None
    inside = shapely.point_on_surface(shape)
    shapes = shape.geoms if shape.geom_type == "MultiPolygon" else [shape]
    polygons = tuple(
        tuple(tuple((x, y) for x, y, *_ in ring.coords) for ring in (one.exterior, *one.interiors)) for one in shapes
    )
    return polygons, (round(inside.x, GATE_DECIMALS), round(inside.y, GATE_DECIMALS))
