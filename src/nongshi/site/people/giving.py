"""Who may give which role where: one table. Nobody gives more than their own rights reach.

A trainer sees operators of all organisations below, which none of these roles does: the site's administration appoints
trainers.
"""

from collections.abc import Mapping

from nongshi.site.base.models import Org, OrgKind, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope

_K = RoleKind
GIVES: Mapping[RoleKind, frozenset[RoleKind]] = {  # in one's own organisation
    _K.CLERK: frozenset({_K.FARMER, _K.BUYER}),
    _K.TRAINER: frozenset({_K.TRAINEE}),
    _K.DISPATCHER: frozenset({_K.FARMER, _K.CLERK, _K.DISPATCHER, _K.OWNER, _K.OPERATOR, _K.TRAINEE, _K.BUYER}),
}
APPOINTS: Mapping[RoleKind, frozenset[RoleKind]] = {_K.OFFICER: frozenset({_K.DISPATCHER})}  # in those below
APPOINTED_IN = frozenset({str(OrgKind.COOP), str(OrgKind.FARM)})


def may_give(scope: Scope, org: Org) -> frozenset[RoleKind]:
    """Roles that this person may give, and take, in an organisation."""
    found: frozenset[RoleKind] = frozenset()
    for held in scope.held:
        if held.org_id == org.pk:
            found |= GIVES.get(held.kind, frozenset())
        if org.pk in held.below and org.kind in APPOINTED_IN:
            found |= APPOINTS.get(held.kind, frozenset())
    return found


def may_manage(scope: Scope, person: Person) -> bool:
    """Whether this person's ways in are in the reader's hands: they hold nothing that the reader could not give.

    A link or a login opens all that its person may do; whoever could make one for somebody with more rights would have
    those rights. Whoever looks after the site itself is never managed here.
    """
    if person.user is not None and (person.user.is_superuser or person.user.is_staff):
        return False
    if person.org_id not in scope.orgs(Person.resource, change=True):
        return False
    return all(role.kind in may_give(scope, role.org) for role in person.roles.all())
