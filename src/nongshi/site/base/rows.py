"""Rows that belong to an organisation, and the only way to ask for them.

A desk asks `Machine.objects.seen_by(scope)` or `.changed_by(scope)`; the plain manager is for services, migrations
and the site's own work. A test reads the source of every desk's views and API and refuses other queries.
"""

from typing import Any, ClassVar, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

from nongshi.core.errors import NotFound
from nongshi.site.base.rights import Resource
from nongshi.site.base.scope import Scope

_Row = TypeVar("_Row", bound="OrgRow")


class ScopedQuerySet(models.QuerySet[_Row]):
    """A query that knows whose it is."""

    def seen_by(self, scope: Scope) -> Self:
        """Rows that this scope may see."""
        return self.filter(self._within(scope, change=False)) if not scope.everything else self

    def changed_by(self, scope: Scope) -> Self:
        """Rows that this scope may change."""
        return self.filter(self._within(scope, change=True)) if not scope.everything else self

    def get_seen(self, scope: Scope, **which: Any) -> _Row:
        """The one row; whoever may not see it learns no more than that it is not there.

        Raises:
            NotFound: there is none in sight.
        """
        return self._one(self.seen_by(scope), which)

    def get_changed(self, scope: Scope, **which: Any) -> _Row:
        """The one row, to be changed; a row in sight only is as good as none.

        Raises:
            NotFound: there is none in reach.
        """
        return self._one(self.changed_by(scope), which)

    def _within(self, scope: Scope, *, change: bool) -> Q:
        model = self.model
        orgs = scope.orgs(model.resource, change=change)
        within = Q()
        for path in model.org_paths[:1] if change else model.org_paths:
            within |= Q(**{f"{path}__in": orgs})
        own = scope.own_in(model.resource, change=change)
        for path in model.self_paths if own else ():
            for org_path in model.org_paths:  # a driver's work on another organisation's field is his own work
                within |= Q(**{f"{org_path}__in": own, path: scope.person_id})
        lenders = frozenset() if change else scope.lenders(model.resource)
        if lenders:
            within |= Q(**{f"{model.org_paths[0]}__in": lenders}) & model.lent_rows()
        return within

    def _one(self, rows: Self, which: dict[str, Any]) -> _Row:
        wanted = rows.filter(**which)
        if not rows.query.select_for_update:  # PostgreSQL locks no row of a DISTINCT; for the first one it is the same
            wanted = wanted.distinct()
        found = wanted.first()
        if found is None:
            shown = ", ".join(f"{name} {value}" for name, value in which.items())
            raise NotFound(f"no {self.model._meta.model_name} with {shown}")
        return found


class OrgRow(models.Model):
    """A row of one organisation. `version` rises with every change: two people never overwrite each other unseen."""

    resource: ClassVar[Resource]
    org_paths: ClassVar[tuple[str, ...]] = ("org_id",)  # whose row it is to see; only the first may change it
    self_paths: ClassVar[tuple[str, ...]] = ()  # look-ups from the row to the person whose own row it is

    org = models.ForeignKey("base.Org", on_delete=models.PROTECT, related_name="+")
    created = models.DateTimeField(default=timezone.now, editable=False)
    changed = models.DateTimeField(auto_now=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ScopedQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def lent_rows(cls) -> Q:
        """Which rows of a lender are lent; all of them unless a model knows better."""
        return Q()
