"""What the judge says: the rules by name, each breach in a sentence, and the sums as they truly are."""

from dataclasses import dataclass
from enum import StrEnum

from nongshi.core.plan import Totals

TIME_S = 60.0  # allowed on each written time (docs/formats.md, section 3)
ROUNDING_S = 2.0  # two times rounded to the second, and a distance rounded to the metre, may shift a leg by this
SUM_FEN = 50.0  # allowed on each sum: the greater of this and SUM_SHARE of it
SUM_SHARE = 1e-5
KM = 0.05  # allowed on a written distance; assumption, as are the next three: the contract names no tolerance for them
KM_ROUNDING = 0.0005  # a distance written to the metre
AREA_SHARE = 1e-3
WET_T = 1e-3


class Rule(StrEnum):
    """What a plan can break."""

    REGION = "region"  # the plan was made for another region
    UNKNOWN_ID = "unknown_id"  # a machine, job or operator that the region does not have
    ROUTE_TWICE = "route_twice"  # a machine has two routes
    JOB_TWICE = "job_twice"  # a job, or one of its parts, is served more than once
    PARTS = "parts"  # some parts of a job are served and others are not, or a part has no such number
    PART_AREA = "part_area"  # a whole job or a part is written with another area than it has
    NO_RATE = "no_rate"  # the machine's class has no work rate for the operation
    WORK_HOURS = "work_hours"  # a departure or a start outside the machine's crewed work hours
    LEAVES_EARLY = "leaves_early"  # leaves before the stop before has ended
    MOVE_TIME = "move_time"  # arrives earlier or later than the road takes
    STARTS_BEFORE_ARRIVAL = "starts_before_arrival"
    WORK_TIME = "work_time"  # ends earlier or later than the work takes
    KM = "km"  # the written distance is not detour x great-circle distance
    OPEN = "open"  # starts before the window
    CLOSE = "close"  # ends after the window
    HORIZON = "horizon"  # a crew on a day that is not planned
    CREW_TWO_MACHINES = "crew_two_machines"  # one operator, one day, two machines
    CREW_TWO_OPERATORS = "crew_two_operators"  # one machine, one day, two operators
    CREW_NO_LICENCE = "crew_no_licence"
    CREW_LICENCE_EXPIRED = "crew_licence_expired"
    CREW_OFF_DAY = "crew_off_day"
    CREW_OWNER = "crew_owner"  # another owner's machine, and the operator is not shared
    CREW_MACHINE_AWAY = "crew_machine_away"  # the machine is not available at any moment of that day
    AFTER_JOB = "after_job"  # before the job it must wait for, or without it
    DRYER = "dryer"  # more wet grain waits over night than may
    UNSERVED = "unserved"  # the list of unserved jobs is not the jobs that are not served
    REASON = "reason"  # a job is unserved for a reason that nobody documented
    TOTALS = "totals"  # a sum is not what the stops add up to
    OBJECTIVE = "objective"  # the objective is not what the times as written are worth
    BOUND = "bound"  # the plan is worth more than its bound allows
    GAP = "gap"  # the written gap is not bound / objective - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """One rule broken in one place."""

    rule: Rule
    where: str  # "machine M1, job J7 part 2"
    text: str  # a sentence with both numbers

    def __str__(self) -> str:
        return f"{self.rule}: {self.where}: {self.text}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """All breaches of a plan, and its sums recomputed from the times as written."""

    breaches: tuple[Breach, ...]
    totals: Totals

    @property
    def ok(self) -> bool:
        """Whether the plan keeps every rule."""
        return not self.breaches

    @property
    def objective_fen(self) -> float:
        """What the plan is truly worth, fen."""
        return self.totals.objective_fen
