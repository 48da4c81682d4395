"""One class per thing that can go wrong; the class owns the wording.

===================  ====  ====================================================
class                exit  what happened
===================  ====  ====================================================
NongshiError            1  any fault that Nongshi itself names
  BadInput              5  a file, a row or a number cannot be right
    BadFiles            5  many faults at once, each with file, row, column, mend
  NotFound              2  a path, an id or a name that is not there
  NotPlannable          4  the region is sound, but no plan can be made from it
  MissingExtra          2  an optional package is not installed
  PlanBroken            1  a plan that breaks a rule: a fault of ours, never written
===================  ====  ====================================================

HTTP statuses follow with the site: 422 BadInput, 404 NotFound, 409 NotPlannable.
"""

from collections.abc import Sequence
from dataclasses import dataclass

FAULTS_SHOWN_MAX = 50


class NongshiError(Exception):
    """Any fault that Nongshi names itself; shown without a traceback."""

    code = "error"
    exit_code = 1


class BadInput(NongshiError):
    """Something given to us cannot be right."""

    code = "bad_input"
    exit_code = 5


class NotFound(NongshiError):
    """A path, an id or a name that is not there."""

    code = "not_found"
    exit_code = 2


class BadUsage(NongshiError):
    """Options that do not go together."""

    code = "bad_usage"
    exit_code = 2


class NotPlannable(NongshiError):
    """The region is sound, but no plan can be made from it (yet)."""

    code = "not_plannable"
    exit_code = 4


class MissingExtra(NongshiError):
    """An optional package is needed for this and is not installed."""

    code = "missing_extra"
    exit_code = 2

    def __init__(self, package: str, *, extra: str) -> None:
        self.package, self.extra = package, extra
        super().__init__(f"{package} is not installed; install it with: pip install 'nongshi[{extra}]'")


class PlanBroken(NongshiError):
    """A plan of ours breaks a rule; it is not written, and the fault is ours."""

    code = "plan_broken"

    def __init__(self, breaches: Sequence[str]) -> None:
        self.breaches = tuple(breaches)
        shown = "\n  ".join(self.breaches[:10])
        super().__init__(f"the plan breaks {len(self.breaches)} rule(s); please report this:\n  {shown}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong in one place of a file, and how to mend it."""

    file: str
    row: int | None  # 1 is the header row of a CSV; the feature's number in GeoJSON; None: whole file
    column: str | None
    value: str | None
    problem: str
    mend: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += f", row {self.row}"
        if self.column is not None:
            place += f", column {self.column}"
        value = "" if self.value is None else f" (value: {self.value!r})"
        return f"{place}: {self.problem}{value}; {self.mend}"


class BadFiles(BadInput):
    """All faults of a folder or file at once, at most FAULTS_SHOWN_MAX of them."""

    code = "bad_files"

    def __init__(self, faults: Sequence[Fault], *, found: int | None = None) -> None:
        self.faults = tuple(faults[:FAULTS_SHOWN_MAX])
        self.found = len(faults) if found is None else found
        more = self.found - len(self.faults)
        lines = [str(fault) for fault in self.faults]
        if more > 0:
            lines.append(f"... and {more} more")
        super().__init__(f"{self.found} fault(s) in the data\n" + "\n".join(lines))
