"""What can be otherwise: kinds of changes, cases made of them, and the cases that are asked for most."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nongshi.agronomy.varieties import VARIETIES
from nongshi.core.errors import BadInput
from nongshi.core.season import Season

KINDS: dict[str, tuple[str, ...]] = {
    "machines": ("machine_class", "count", "town"),
    "operators": ("licence", "count", "town"),
    "dryers": ("t_day",),
    "earlier": ("crop", "days"),
    "staggered": ("crop", "days"),
    "variety": ("from", "to", "share"),
    "alone": (),
    "rain": ("week",),
}
OPTIONAL = ("town",)  # not given: spread over all towns


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that is otherwise; `values` are those that KINDS names for it."""

    kind: str
    values: dict[str, Any]

    def as_dict(self) -> dict[str, Any]:
        """Plain values."""
        return {"kind": self.kind, **self.values}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A name and what is otherwise."""

    name: str
    changes: tuple[Change, ...]


def default_cases(season: Season) -> tuple[Case, ...]:
    """What is asked most: more machines, operators trained, other sowing, nobody shares, a week of rain."""
    kinds = [kind for kind in season.region.machine_classes if kind.licence]
    counts = {kind.id: sum(m.machine_class == kind.id for m in season.region.machines) for kind in kinds}
    usual = max(kinds, key=lambda kind: counts[kind.id], default=None)
    harvest = next(
        (k for k in kinds if any(r.machine_class == k.id and "harvest" in r.operation for r in season.operations)),
        usual,
    )
    listed: list[tuple[str, list[tuple[str, tuple[Any, ...]]]]] = []
    if harvest is not None:
        listed.append((f"{harvest.id} +5", [("machines", (harvest.id, 5))]))
        listed.append((f"{harvest.licence} +10", [("operators", (harvest.licence, 10))]))
    crops = {sowing.crop for sowing in season.sowings}
    if "rice" in crops:
        listed.append(("rice -7 d", [("earlier", ("rice", 7))]))
        listed.append(("rice +14 d", [("staggered", ("rice", 14))]))
        listed.append(("early-japonica 20 %", [("variety", ("late-japonica", "early-japonica", 0.2))]))
    listed.append(("alone", [("alone", ())]))
    listed.append((f"rain, week {season.weeks - 4}", [("rain", (season.weeks - 4,))]))
    return tuple(
        Case(name=name, changes=tuple(make_change(kind, values) for kind, values in parts)) for name, parts in listed
    )


def make_change(kind: str, values: Sequence[Any]) -> Change:
    """A change from its values in the order of KINDS; those behind may be left out where they are optional.

    Raises:
        BadInput: an unknown kind, or too few or too many values.
    """
    if kind not in KINDS:
        raise BadInput(f"{kind} is no kind of change; there are {', '.join(KINDS)}")
    names = KINDS[kind]
    needed = [name for name in names if name not in OPTIONAL]
    if not len(needed) <= len(values) <= len(names):
        raise BadInput(f"{kind} takes {', '.join(names) or 'nothing'}; got {len(values)} value(s)")
    return Change(kind=kind, values=dict(zip(names, values, strict=False)))


def change_of(given: Mapping[str, Any]) -> Change:
    """A change from its kind and values by name, as `as_dict` gives them.

    Raises:
        BadInput: an unknown kind, or a value that is missing or that the kind does not take.
    """
    kind = str(given["kind"])
    names = KINDS.get(kind, ())
    missing = [name for name in names if name not in given and name not in OPTIONAL]
    other = sorted(given.keys() - {"kind", *names})
    if kind in KINDS and (missing or other):
        raise BadInput(
            f"{kind} takes {', '.join(names) or 'nothing'}; "
            f"missing: {', '.join(missing) or 'none'}, too many: {', '.join(other) or 'none'}"
        )
    return make_change(kind, [given[name] for name in names if name in given])


def check_change(change: Change, season: Season) -> None:
    """Refuse a change that names what the season does not know.

    Raises:
        BadInput: which value, and what there is.
    """
    known: dict[str, Sequence[str]] = {
        "machine_class": [kind.id for kind in season.region.machine_classes],
        "licence": sorted({kind.licence for kind in season.region.machine_classes if kind.licence}),
        "town": [town.name for town in season.towns],
        "crop": sorted({sowing.crop for sowing in season.sowings}),
        "from": sorted({sowing.variety for sowing in season.sowings}),
        "to": sorted(VARIETIES),
    }
    for name, value in change.values.items():
        if name in known and value not in known[name]:
            raise BadInput(f"{change.kind}: {value} is no {name} of this season; there are {', '.join(known[name])}")
        if name not in known and not isinstance(value, int | float):
            raise BadInput(f"{change.kind}: {name} must be a number, got {value}")
    if change.kind == "rain" and not 0 <= change.values["week"] < season.weeks:
        raise BadInput(f"rain: week must be 0 to {season.weeks - 1}, got {change.values['week']}")
    if change.kind == "variety" and not 0 < change.values["share"] <= 1:
        raise BadInput(f"variety: share must be above 0 and at most 1, got {change.values['share']}")
    if change.kind == "variety" and VARIETIES[change.values["from"]].crop != VARIETIES[change.values["to"]].crop:
        raise BadInput(f"variety: {change.values['to']} is another crop than {change.values['from']}")
