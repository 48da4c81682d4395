"""Ripeness of published trials, each site told from the others: our clock beside a calendar of fixed days."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Any

from nongshi.agronomy.crop_parameters import CropParameters
from nongshi.agronomy.phenology import NEVER, stages
from nongshi.agronomy.phenology_fit import Seen, fit
from nongshi.agronomy.varieties import DEFAULT_VARIETY, VARIETIES
from nongshi.bench.dssat import Trial, read_trials

CROPS = {"Rice": "rice", "Wheat": "wheat"}
VARIETIES_DIFFER = 0.2  # assumption: degree-days of varieties of different countries; wider than of one kind
NEVER_D = 300  # what a run counts that never ripens


def bench_trials(folder: Path) -> dict[str, Any]:
    """Mean absolute error of ripeness in days, by site left out; before sowing, and once heading was seen.

    The clock is the crop's default variety with its two sums fitted to the other sites; the calendar takes the other
    sites' mean days. Each site counts once, however many treatments it had; beside it every treatment counts once.
    """
    sites = []
    for name, crop in CROPS.items():
        trials = read_trials(folder, crop=name)
        clock = replace(VARIETIES[DEFAULT_VARIETY[crop]].clock, ripe_by=None, frost_kills_c=None)
        for site in sorted({trial.site for trial in trials}):
            left_out = [trial for trial in trials if trial.site == site]
            others = [trial for trial in trials if trial.site != site]
            sites.append({"crop": crop, "site": site, "treatments": len(left_out), **_errors(clock, left_out, others)})
    return {"sites": sites, **_summary(sites)}


def _errors(clock: CropParameters, left_out: Sequence[Trial], others: Sequence[Trial]) -> dict[str, float]:
    fitted = fit(clock, _seen(others), prior_sd={"heading_c_d": VARIETIES_DIFFER, "ripening_c_d": VARIETIES_DIFFER})
    by_site = [[trial for trial in others if trial.site == site] for site in sorted({trial.site for trial in others})]
    whole = mean(mean((trial.maturity - trial.sown).days for trial in site) for site in by_site)
    rest = mean(mean((trial.maturity - trial.heading).days for trial in site if trial.heading) for site in by_site)
    seen = [trial for trial in left_out if trial.heading]
    return {
        "clock_d": mean(abs(_days(fitted, trial, heading_seen=False)) for trial in left_out),
        "calendar_d": mean(abs(whole - (trial.maturity - trial.sown).days) for trial in left_out),
        "clock_after_heading_d": mean(abs(_days(fitted, trial, heading_seen=True)) for trial in seen),
        "calendar_after_heading_d": mean(abs(rest - (t.maturity - t.heading).days) for t in seen if t.heading),
    }


def _days(crop: CropParameters, trial: Trial, *, heading_seen: bool) -> int:
    """Computed minus true day of ripeness."""
    sown, heading = (trial.sown - trial.first_day).days, NEVER
    if heading_seen and trial.heading is not None:
        heading = (trial.heading - trial.first_day).days
    run = stages(
        crop, [sown], trial.tmean, trial.lat, first_day=trial.first_day,
        seen_stage=[NEVER if heading == NEVER else 1], seen_day=[heading],
    )  # fmt: skip
    ripe = int(run.maturity[0, 0])
    return (sown + NEVER_D if ripe == NEVER else ripe) - (trial.maturity - trial.first_day).days


def _seen(trials: Sequence[Trial]) -> list[Seen]:
    """Trials as observations; treatments with the same days are one, or a large trial would outweigh the rest."""
    different = {(t.site, t.sown, t.heading, t.maturity): t for t in trials}
    return [
        Seen(
            sown=trial.sown, heading=trial.heading, maturity=trial.maturity, lat=trial.lat,
            first_day=trial.first_day, tmean=trial.tmean,
        )
        for trial in different.values()
    ]  # fmt: skip


def _summary(sites: list[dict[str, Any]]) -> dict[str, float]:
    weights = [site["treatments"] for site in sites]

    def ratio(name: str, weighed: bool) -> float:
        factor = weights if weighed else [1] * len(sites)
        clock: float = sum(site[f"clock{name}_d"] * times for site, times in zip(sites, factor, strict=True))
        calendar: float = sum(site[f"calendar{name}_d"] * times for site, times in zip(sites, factor, strict=True))
        return clock / calendar

    return {
        "to_calendar": ratio("", False),
        "to_calendar_by_treatment": ratio("", True),
        "to_calendar_after_heading": ratio("_after_heading", False),
        "to_calendar_after_heading_by_treatment": ratio("_after_heading", True),
    }
