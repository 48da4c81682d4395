"""What pages, report and exports of a season say, in the reader's language."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.template.defaultfilters import date as date_words
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from nongshi.core.units import mu, yuan
from nongshi.files.season_report import ReportWords, Section
from nongshi.files.sheets import Cell
from nongshi.files.texts import REASONS, SYNTHETIC
from nongshi.site.base.names import operation_names
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.officer.figures import JobFacts, Progress
from nongshi.site.officer.services import Standing

GROWERS_MIN = 3  # fewer people could be told apart in open data: the cell is left empty
REPORT_ROWS = 20


def reason_words(reason: str) -> str:
    """Why the plan leaves a job out."""
    found = REASONS.get(reason)
    return reason if found is None else found[int(in_english())]


def area(area_ha: float) -> str:
    """Area as the reader counts it: mu, in English hectares."""
    return f"{area_ha:,.1f} ha" if in_english() else f"{mu(area_ha):,.0f} 亩"


def money(amount_fen: float) -> str:
    """Yuan without fen."""
    return f"{yuan(amount_fen):,.0f}" + (" yuan" if in_english() else " 元")


def figures(standing: Standing) -> list[dict[str, Any]]:
    """The figures at the head of page and wall."""
    whole = standing.all
    return [
        {"name": _("Done"), "value": f"{100 * whole.done_share:.0f} %", "of": area(whole.done_ha), "kind": "ok"},
        {"name": _("In work"), "value": area(whole.working_ha), "of": "", "kind": ""},
        {"name": _("Planned"), "value": area(whole.planned_ha), "of": "", "kind": ""},
        {"name": _("Without a place"), "value": area(whole.open_ha), "of": "", "kind": "bad" if whole.open_ha else ""},
        {
            "name": _("Late"),
            "value": area(whole.late_ha),
            "of": _("%(n)d jobs") % {"n": whole.late_jobs},
            "kind": "late" if whole.late_jobs else "",
        },
        {"name": _("Lost by lateness"), "value": money(whole.lost_fen), "of": "", "kind": ""},
        {
            "name": _("At work today"),
            "value": f"{standing.machines_today} / {standing.operators_today}",
            "of": _("machines / operators"),
            "kind": "",
        },
    ]


def exception_words(one: JobFacts, now: datetime) -> str:
    """What is wrong with one job."""
    if one.ends is None:
        why = reason_words(one.reason) if one.reason else _("no plan has a place for it yet")
        return _("no place: %(why)s") % {"why": why}
    return _("%(n).1f days late") % {"n": one.late_d(now)}


def chart_option(standing: Standing) -> dict[str, Any]:
    """Due, planned and done hectares by day, summed up."""
    unit = 1.0 if in_english() else float(mu(1.0))
    lines = [
        (_("Falls due"), [day.due_ha for day in standing.days], "#7f8c85", "dashed"),
        (_("Planned"), [day.planned_ha for day in standing.days], "#2463c9", "solid"),
        (_("Done"), [day.done_ha for day in standing.days], "#2b8a57", "solid"),
    ]
    return {
        "grid": {"left": 8, "right": 16, "top": 36, "bottom": 8, "containLabel": True},
        "legend": {"top": 0},
        "tooltip": {"trigger": "axis"},
        "xAxis": {"type": "category", "data": [f"{day.day:%m-%d}" for day in standing.days]},
        "yAxis": {"type": "value", "name": "ha" if in_english() else "亩"},
        "series": [
            {
                "name": name,
                "type": "line",
                "showSymbol": False,
                "data": [round(value * unit, 1) for value in values],
                "color": color,
                "lineStyle": {"width": 3, "type": kind},
                "areaStyle": {"opacity": 0.12} if kind == "solid" else None,
            }
            for name, values, color, kind in lines
        ],
    }


def features(standing: Standing) -> dict[str, Any]:
    """Each job as a dot for the map: day it ends, day it falls due, whether it is done; no personal data."""
    first = standing.season.start_date

    def day(moment: datetime | None) -> int | None:
        return None if moment is None else (timezone.localtime(moment).date() - first).days

    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": one.job_id,
                "geometry": {"type": "Point", "coordinates": [round(c, 6) for c in one.lonlat]},
                "properties": {
                    "ref": one.ref,
                    "town": one.town,
                    "work": operation_names(one.operation),
                    "area": area(one.area_ha),
                    "end": day(one.ends),
                    "due": day(one.due),
                    "done": one.done,
                    "why": reason_words(one.reason) if one.reason else "",
                },
            }
            for one in standing.facts
            if one.lonlat is not None
        ],
    }


def progress_row(whole: Progress) -> list[str]:
    """One line of a table of progress."""
    return [
        area(whole.area_ha),
        f"{whole.percent(whole.done_ha):.0f} %",
        f"{whole.percent(whole.working_ha + whole.planned_ha):.0f} %",
        area(whole.open_ha),
        area(whole.late_ha),
        money(whole.lost_fen),
        f"{whole.wait_d:.1f}",
    ]


def progress_heads(first: str) -> list[str]:
    """Heads of a table of progress."""
    return [
        first, _("Area"), _("Done"), _("In work or planned"), _("Without a place"), _("Late"), _("Lost by lateness"),
        _("Mean wait, days"),
    ]  # fmt: skip


def notes(standing: Standing) -> list[str]:
    """What the numbers mean and where they come from."""
    said = [
        _("Counted at %(when)s: jobs of organisations in your reach that plan this season together.")
        % {"when": date_words(timezone.localtime(standing.now), "Y-m-d H:i")},
        _("Late: the work ends, or is still open, after its best day. Loss: the job's loss curve, see assumptions."),
        _("Mean wait: from the earliest start to the planned or real start; shows which town waits longest."),
    ]
    if standing.plan is None:
        said.append(_("No plan is in force: nothing counts as planned."))
    return said


def report(standing: Standing, title_org: str, *, weekly: bool) -> ReportWords:
    """The daily or weekly report."""
    english = in_english()
    whole = standing.all
    day = f"{timezone.localtime(standing.now):%Y-%m-%d}"
    kind = _("Weekly report") if weekly else _("Daily report")
    return ReportWords(
        title=f"{title_org} · {kind}",
        lead=f"{standing.season.name} · {day}",
        foot=_("Nongshi: the right machine, onto the right field, inside its window"),
        figures=[
            (_("Done"), f"{100 * whole.done_share:.0f} % · {area(whole.done_ha)}"),
            (_("Planned"), area(whole.planned_ha + whole.working_ha)),
            (_("Without a place"), area(whole.open_ha)),
            (_("Late"), f"{area(whole.late_ha)} · {money(whole.lost_fen)}"),
            (_("Posted in the period"), str(standing.posted)),
            (_("Finished in the period"), str(standing.finished)),
            (_("Machines at work today"), str(standing.machines_today)),
            (_("Operators at work today"), str(standing.operators_today)),
        ],
        sections=_sections(standing),
        notes_title=_("What the numbers mean"),
        notes=notes(standing),
        lang="en" if english else "zh",
        synthetic=standing.season.generated,
        synthetic_word=SYNTHETIC[int(english)],
    )


def _sections(standing: Standing) -> list[Section]:
    nums, widths = (1, 2, 3, 4, 5, 6, 7), (0, 1, 1, 1, 1, 1, 1, 1)
    rain = ", ".join(f"{day:%m-%d}" for day in standing.rain_days)
    return [
        Section(
            title=_("By town"), heads=progress_heads(_("Town")), nums=nums, widths=widths,
            rows=[[name, *progress_row(one)] for name, one in standing.towns], empty=_("No jobs."),
        ),
        Section(
            title=_("By work"), heads=progress_heads(_("Work")), nums=nums, widths=widths,
            rows=[[operation_names(name), *progress_row(one)] for name, one in standing.operations],
            empty=_("No jobs."),
        ),
        Section(
            title=_("What is short"),
            heads=[_("Town"), _("Why"), pgettext("how many", "Jobs"), _("Area"), pgettext("money", "Value")],
            nums=(2, 3, 4),
            widths=(0, 1, 0, 0, 0),
            rows=[
                [town, reason_words(one.reason), str(one.jobs), area(one.area_ha), money(one.value_fen)]
                for town, short in standing.short_by_town
                for one in short
            ],
            empty=_("Every job has a place."),
        ),
        Section(
            title=_("First to look at"),
            heads=[pgettext("number of it", "Job"), _("Town"), _("Work"), _("Area"), _("What is wrong"), _("Lost")],
            nums=(3, 5), widths=(0, 0, 0, 0, 1, 0),
            rows=[
                [
                    one.ref, one.town, operation_names(one.operation), area(one.area_ha),
                    exception_words(one, standing.now), money(one.lost_fen(standing.now)),
                ]
                for one in standing.worst[:REPORT_ROWS]
            ],
            empty=_("Nothing is late or without a place."),
        ),
        Section(
            title=_("Days without work hours"), heads=[_("Days")], rows=[[rain]] if rain else [],
            empty=_("None in the rest of the season."),
        ),
    ]  # fmt: skip


OPEN_COLUMNS = (
    "town", "operation", "jobs", "growers", "area_ha", "done_ha", "working_ha", "planned_ha", "without_place_ha",
    "late_ha", "lost_yuan", "mean_wait_d",
)  # fmt: skip


def open_rows(standing: Standing) -> list[list[Cell]]:
    """Open data: by town and operation; a cell of fewer than three growers keeps its names and nothing else."""
    found: list[list[Cell]] = []
    for (town, operation), one in standing.cells:
        if one.growers < GROWERS_MIN:
            found.append([town, operation, *[None] * (len(OPEN_COLUMNS) - 2)])
            continue
        numbers = (one.area_ha, one.done_ha, one.working_ha, one.planned_ha, one.open_ha, one.late_ha)
        found.append(
            [town, operation, one.jobs, one.growers, *(round(n, 2) for n in numbers), round(yuan(one.lost_fen), 2),
             round(one.wait_d, 2)]
        )  # fmt: skip
    return found


def open_features(standing: Standing) -> dict[str, Any]:
    """The same rows for a map: each at the middle of its fields' gates, to about 100 m; no place where few grow."""
    places: dict[tuple[str, str], list[tuple[float, float]]] = {}
    for one in standing.facts:
        if one.lonlat is not None:
            places.setdefault((one.town, one.operation), []).append(one.lonlat)
    found = []
    for row in open_rows(standing):
        at = places.get((str(row[0]), str(row[1])), []) if row[2] is not None else []
        middle = [round(sum(c) / len(at), 3) for c in zip(*at, strict=True)] if at else None
        found.append(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": middle} if middle else None,
                "properties": dict(zip(OPEN_COLUMNS, row, strict=True)),
            }
        )
    about = {str(row[0]): str(row[1]) for row in open_readme(standing)}
    return {"type": "FeatureCollection", "about": about, "features": found}


def open_readme(standing: Standing) -> Sequence[Sequence[Cell]]:
    """What the columns mean, for a sheet beside the data."""
    rows: list[list[Cell]] = [
        ["town, operation", _("where and what; names and codes of the register")],
        ["*_ha", _("hectares; done, in work, planned, without a place sum up to area_ha")],
        ["late_ha", _("of them: ends, or is still open, after its best day")],
        ["lost_yuan", _("what lateness costs by the loss curves; assumption, see the register's code tables")],
        ["mean_wait_d", _("days from earliest start to start")],
        [_("empty cells"), _("fewer than %(n)d growers: left out") % {"n": GROWERS_MIN}],
        [_("use"), _("free for any use if the organisation is named; no personal data")],
        [_("counted"), f"{timezone.localtime(standing.now):%Y-%m-%d %H:%M}"],
    ]
    if standing.season.generated:
        rows.append([_("data"), SYNTHETIC[int(in_english())]])
    return rows
