"""What a table of a region says as a whole: no id twice, curves that are convex, jobs that wait for no circle."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from nongshi.core.region import Job, LossCurve
from nongshi.core.said import say
from nongshi.files.rows import Row
from nongshi.files.tables import Table

SLOPE_SLACK = 1e-9  # shares are decimal text: 0.1/1 and 0.3/3 must count as the same slope


def check_unique(table: Table, key: Sequence[str]) -> set[str]:
    """Note every row whose key stands in an earlier row; gives the first column's texts, sound or not."""
    first: dict[tuple[str, ...], int] = {}
    for row in table.rows:
        cells = tuple(row.cell(column) for column in key)
        if not all(cells):
            continue
        before = first.setdefault(cells, row.number_in_file)
        if before != row.number_in_file:
            problem = say("stands in row %(before)s already", before=before)
            row.fault(
                ",".join(key),
                problem,
                say("delete one of the two rows, or correct its %(value)s", value=key[-1]),
                value=",".join(cells),
            )
    return {row.cell(key[0]) for row in table.rows if row.has(key[0])}


def make_curves(table: Table) -> tuple[LossCurve, ...]:
    """Curves from their points, in the file's order; a faulty one is left out."""
    curves = []
    points: dict[str, list[tuple[Row, float, float]]] = {}
    for row in table.rows:
        days_late, share = row.number("days_late", least=0), row.number("loss_share", least=0, most=1)
        points.setdefault(row.text("loss_curve"), []).append((row, days_late, share))
    for name, listed in points.items():
        if all(row.sound for row, _, _ in listed):
            _check_curve(name, listed)
        if all(row.sound for row, _, _ in listed):
            days, shares = tuple(d for _, d, _ in listed), tuple(s for _, _, s in listed)
            curves.append(LossCurve(id=name, days_late=days, loss_share=shares))
    return tuple(curves)


def _check_curve(name: str, points: list[tuple[Row, float, float]]) -> None:
    """From (0, 0), later and later, never less lost, and each day late costs at least what the day before cost."""
    first, days0, share0 = points[0]
    if days0 != 0 or share0 != 0:
        wrong = "days_late" if days0 != 0 else "loss_share"
        first.fault(
            wrong,
            say("curve %(name)s does not start at (0, 0)", name=name),
            say("begin %(name)s with the row %(name)s,0,0", name=name),
        )
        return
    slope = 0.0
    for (_, days_a, share_a), (row, days_b, share_b) in pairwise(points):
        if days_b <= days_a:
            row.fault(
                "days_late",
                say("does not grow along curve %(name)s", name=name),
                "put its points in order, each day once",
            )
            return
        if share_b < share_a:
            row.fault(
                "loss_share",
                say("falls along curve %(name)s", name=name),
                "later work cannot lose less; correct the share",
            )
            return
        before, slope = slope, (share_b - share_a) / (days_b - days_a)
        if slope < before - SLOPE_SLACK:
            problem = say(
                "curve %(name)s bends down here: %(slope)s a day after %(before)s a day",
                name=name,
                slope=f"{slope:.4g}",
                before=f"{before:.4g}",
            )
            row.fault("loss_share", problem, "each day late must cost at least what the day before cost (convex)")
            return


def check_after(table: Table, jobs: Mapping[str, Job]) -> None:
    """after_job_id: a known job, another one, on the same field, and never round in a circle."""
    rows = {row.cell("id"): row for row in table.rows if row.has("id")}
    for row in table.rows:
        if row.has("after_job_id"):
            _check_after_row(row, rows, jobs)
    after = {id_: row.cell("after_job_id") for id_, row in rows.items() if row.cell("after_job_id") in rows}
    for circle in _circles({id_: before for id_, before in after.items() if id_ != before}):
        row = rows[circle[0]]
        way = " -> ".join((*circle, circle[0]))
        row.fault(
            "after_job_id",
            say("jobs wait for each other in a circle: %(way)s", way=way),
            "empty after_job_id in one of them",
        )


def _check_after_row(row: Row, rows: Mapping[str, Row], jobs: Mapping[str, Job]) -> None:
    before_id = row.cell("after_job_id")
    if before_id == row.cell("id"):
        row.fault("after_job_id", "the job waits for itself", "empty the cell, or name the job before it")
    elif before_id not in rows:
        row.fault(
            "after_job_id",
            say("there is no job %(before_id)s", before_id=before_id),
            say("correct it, or add %(before_id)s to jobs.csv", before_id=before_id),
        )
    elif row.cell("id") in jobs and before_id in jobs and jobs[before_id].field_id != row.cell("field_id"):
        problem = say(
            "job %(before_id)s is on field %(field_id)s, this one on %(cell)s",
            before_id=before_id,
            field_id=jobs[before_id].field_id,
            cell=row.cell("field_id"),
        )
        row.fault("after_job_id", problem, "a job can only wait for one on its own field; correct one of the two")


def _circles(after: Mapping[str, str]) -> Iterator[list[str]]:
    """Every circle of job -> job before it, once, from its job that stands first in the file."""
    done: set[str] = set()
    for start in after:
        way: dict[str, None] = {}
        at: str | None = start
        while at is not None and at not in done and at not in way:
            way[at] = None
            at = after.get(at)
        if at is not None and at in way:
            order = list(way)
            yield order[order.index(at) :]
        done.update(way)
