"""Who follows what happens to work orders: apps that lie above this one add themselves in their `apps.ready`."""

from collections.abc import Callable, Sequence

from nongshi.site.base.scope import Scope
from nongshi.site.plans.models import WorkOrder

# A plan was put in force: (who did it, work orders that stood, work orders that stand now) -> ids of jobs whose grower
# is told by the follower itself.
PUBLISHED: list[Callable[[Scope, Sequence[WorkOrder], Sequence[WorkOrder]], set[int]]] = []
# A report moved a work order: (who said so, the work order as it is now).
REPORTED: list[Callable[[Scope, WorkOrder], None]] = []
