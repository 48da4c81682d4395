"""Every list that comes and leaves as a file, whatever app it belongs to: one table that pages and the worker read."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nongshi.core.errors import NotFound
from nongshi.site.base.models import Org
from nongshi.site.base.scope import Scope
from nongshi.site.register.columns import LISTS, ListKind
from nongshi.site.register.importing import Preview, Tell, keep, make_preview

Preparing = Callable[[Org, Scope, str, bytes, Tell], Preview]
Keeping = Callable[[Org, Scope, Preview, Tell], dict[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Importer:
    """How a list comes as a file, and what of it leaves as one."""

    kind: ListKind
    preview: Preparing
    keep: Keeping
    rows: Callable[[Scope, Mapping[str, str]], Iterable[Any]]  # to be written: those in sight that a search leaves
    home: tuple[str, ...]  # name of its page, and what that takes

    def may_see(self, scope: Scope) -> bool:
        """Whether any row of it can be in sight."""
        return scope.everything or bool(scope.orgs(self.kind.model.resource))

    def orgs_changed(self, scope: Scope) -> frozenset[int]:
        """Organisations whose rows may be brought by a file."""
        return scope.orgs(self.kind.model.resource, change=True)


Finder = Callable[[str], Importer | None]
FINDERS: list[Finder] = []  # of other apps, and of lists with a number in their name; filled in apps.ready


def find_importer(name: str) -> Importer | None:
    """The list of a name, if there is one."""
    if name in LISTS:
        return _of_register(LISTS[name])
    return next((found for finder in FINDERS if (found := finder(name)) is not None), None)


def get_importer(name: str) -> Importer:
    """The list of a name.

    Raises:
        NotFound: there is none.
    """
    found = find_importer(name)
    if found is None:
        raise NotFound(f"no list {name}")
    return found


def _of_register(kind: ListKind) -> Importer:
    return Importer(
        kind=kind,
        preview=lambda org, _scope, file, data, tell: make_preview(kind, org, file, data, tell),
        keep=lambda org, _scope, preview, tell: keep(kind, org, preview, tell),
        rows=lambda _scope, _said: (),  # the register's own pages search them
        home=("register:list", kind.name),
    )
