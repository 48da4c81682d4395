"""What one signed-in person reaches: computed once a request from their roles."""

from dataclasses import dataclass, field, replace

from nongshi.site.base.rights import LED, LENT, TOLD_DOWN, Reach, Resource, RoleKind, reach


@dataclass(frozen=True, slots=True)
class Held:
    """A role held in an organisation, and the organisations in its reach."""

    kind: RoleKind
    org_id: int
    below: frozenset[int] = frozenset()  # organisations below it
    lent_by: frozenset[tuple[Resource, int]] = frozenset()  # what other organisations lend to it today
    above: frozenset[int] = frozenset()  # organisations above it, which tell it some things
    led: frozenset[int] = frozenset()  # organisations that agreed to a season which it leads


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose eyes and hands a query has. Nobody's: `Scope()`."""

    person_id: int | None = None
    held: tuple[Held, ...] = ()
    everything: bool = False  # the site's own work: seeding, workers; never a request's
    token_rights: frozenset[str] | None = field(default=None)  # of an API token; None: a person at a screen

    def orgs(self, resource: Resource, *, change: bool = False) -> frozenset[int]:
        """Organisations all of whose rows are in reach."""
        found: set[int] = set()
        for role in self.held:
            far = reach(role.kind, resource, change=change)
            if far >= Reach.ORG:
                found.add(role.org_id)
            if far == Reach.TREE:
                found |= role.below
            if far >= Reach.ORG and resource in LED and not change:
                found |= role.led
            if far >= Reach.ORG and resource in TOLD_DOWN and not change:
                found |= role.above
        return frozenset(found)

    def lenders(self, resource: Resource) -> frozenset[int]:
        """Organisations whose lent rows are in sight."""
        if resource not in LENT:
            return frozenset()
        return frozenset(
            org_id
            for role in self.held
            if reach(role.kind, resource, change=False) >= Reach.ORG
            for what, org_id in role.lent_by
            if what == resource
        )

    def own_in(self, resource: Resource, *, change: bool = False) -> frozenset[int]:
        """Organisations in which the rows that name this person are in reach."""
        if self.person_id is None:
            return frozenset()
        return frozenset(role.org_id for role in self.held if reach(role.kind, resource, change=change) >= Reach.SELF)

    def has(self, *kinds: RoleKind) -> bool:
        """Whether any of these roles is held anywhere."""
        return any(role.kind in kinds for role in self.held)

    def orgs_as(self, *kinds: RoleKind) -> frozenset[int]:
        """Organisations in which one of these roles is held."""
        return frozenset(role.org_id for role in self.held if role.kind in kinds)

    def as_site(self) -> "Scope":
        """The same person, for what the site itself does after their act: everything is in reach."""
        return replace(self, everything=True)

    def may(self, resource: Resource, org_id: int, *, change: bool = False) -> bool:
        """Whether all of an organisation's rows of a kind are in reach."""
        return self.everything or org_id in self.orgs(resource, change=change)


EVERYTHING = Scope(everything=True)
NOBODY = Scope()
