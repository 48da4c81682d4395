"""Days on which machines can work, as the seasons of an organisation know them."""

from collections.abc import Mapping
from datetime import date, timedelta

from nongshi.site.plans.models import Season


def rain_days(org_id: int, first: date, days: int) -> Mapping[date, bool]:
    """By day, where a season knows it: True where no machine of it can work (rain, wet ground)."""
    last = first + timedelta(days=days - 1)
    seasons = Season.objects.filter(members__org_id=org_id, members__agreed=True, start_date__lte=last).order_by(
        "start_date"
    )
    found: dict[date, bool] = {}
    for season in seasons:
        if season.start_date + timedelta(days=season.horizon_days) <= first:
            continue
        shut: dict[date, bool] = {}
        for values in season.head.get("workdays", ()):
            on = date.fromisoformat(values["date"])
            shut[on] = shut.get(on, True) and values["start"] is None
        found |= {on: wet for on, wet in shut.items() if first <= on <= last}
    return found
