"""Every number that a made-up season puts in, as rows of docs/assumptions.md."""

from nongshi.agronomy import Assumption
from nongshi.synthetic import season_fleet, season_jobs, season_world

_GUESS = "assumption"


def season_world_assumptions() -> tuple[Assumption, ...]:
    """Fields, jobs and fleet of a made-up season; its weather is the default climate's (agronomy.climate)."""
    jobs, fleet, world = season_jobs, season_fleet, season_world
    rows: list[tuple[str, float | str, str, str]] = [
        ("fields", jobs.FIELDS, "fields of a sowing", "assumption: each stands for as many alike"),
        ("year_sown", jobs.YEAR_SOWN_D, "days, sd", "assumption: all sowings of a crop in a year"),
        ("town_sown", jobs.TOWN_SOWN_D, "days, sd", _GUESS),
        ("variety", jobs.VARIETY_D, "days, sd", "assumption: a year's stages beyond what warmth explains"),
        ("town", jobs.TOWN_D, "days, sd", _GUESS),
        ("field", jobs.FIELD_D, "days, sd", _GUESS),
        ("asked", jobs.ASKED_D, "days, sd", "assumption: when a town's growers ask for an operation"),
        ("grower", jobs.GROWER_D, "days, sd", _GUESS),
        ("area", jobs.AREA_SIGMA, "lognormal sigma", "assumption: true area over reported"),
        ("share", jobs.SHARE_SIGMA, "lognormal sigma", _GUESS),
        ("never", float(jobs.NEVER_D), "days", "assumption: what never ripens is cleared so long after heading"),
        ("posted_ahead", float(jobs.POSTED_AHEAD_D), "days", "assumption: jobs are posted so long before"),
        ("seen", jobs.SEEN_SHARE, "share", "assumption: of a town's varieties somebody writes heading down"),
        ("seen_error", jobs.SEEN_D, "days, sd", _GUESS),
        (
            "paddy",
            f"{world.PADDY_HA[0]:g} to {world.PADDY_HA[1]:g}",
            "ha a town",
            "assumption: ten to twenty thousand mu",
        ),
        ("no_dates", world.UNKNOWN_DATES_SHARE, "share of rice sowings", _GUESS),
        ("owners", float(fleet.OWNERS_A_TOWN), "a town", _GUESS),
        ("shared", fleet.SHARED_SHARE, "share of operators", "assumption: as synthetic.operators_shared"),
        ("double", fleet.DOUBLE_SHARE, "share of combine operators", "assumption: as synthetic.licence_double"),
        ("dryers", fleet.DRYER_T_D_1000_HA, "t/day per 1,000 ha", "assumption: a third of the peak's grain"),
    ]
    rows += [
        (f"machines.{name}", count, "per 1,000 ha of rice", "assumption: from the counts of Pinghu and Kunshan")
        for name, count in fleet.MACHINES_1000_HA.items()
    ]
    rows += [
        (f"cropping.{crop}.{variety}.{method}", share, "share of the paddy", _GUESS)
        for crop, variety, method, share, _, _ in world.CROPPING
    ]
    return tuple(
        Assumption(name=f"synthetic.season.{name}", value=value, unit=unit, source=source, date="2026-11-27")
        for name, value, unit, source in rows
    )
