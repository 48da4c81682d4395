"""What an organisation calls the codes of a table, as a file: the exported table with its local codes filled in.

Codes, names and numbers of an edition are the same for everybody and come with the program; no file changes them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from nongshi.core.errors import BadFiles
from nongshi.core.said import say
from nongshi.files.faults import Faults
from nongshi.site.base.models import Org
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope
from nongshi.site.register import codes
from nongshi.site.register.columns import Column, ListKind
from nongshi.site.register.importers import Importer
from nongshi.site.register.importing import CHANGED, NEW, SAME, Line, Preview, Tell
from nongshi.site.register.models import Code, CodeMapping, CodeTable
from nongshi.site.register.reading import read_list

PREFIX = "codes-"
MAPPERS = (RoleKind.DISPATCHER, RoleKind.OFFICER)  # who may say what their organisation calls a code
LOCAL_MAX = 40
TABLE_WORDS: Mapping[str, Any] = {
    "operation": _("Operations"),
    "price": _("Prices"),
    "machine_class": _("Machine classes"),
    "licence_class": _("Licence classes"),
    "rate": _("Work rates"),
    "crop": _("Crops"),
    "area": _("Areas"),
    "ny_t_1640": _("Farm machinery by NY/T 1640"),
}
COLUMNS = (
    Column(name="ref", zh="代码", label=_("Code"), needed=True, also=("code",), write=lambda row: row.code),
    Column(name="name", zh="名称", label=_("Name"), only="out"),
    Column(name="name_en", zh="英文名称", label=_("English name"), only="out"),
    Column(name="local", zh="本地代码", label=_("Local code"), also=("local",), write=lambda row: row.local),
    Column(name="data", zh="数据", label=_("Numbers"), only="out", write=lambda row: row.numbers),
    Column(name="source", zh="来源", label=_("Source"), only="out", write=lambda row: row.source),
)


class _CodesImporter(Importer):
    """Rows of a code table are everybody's to see; what they are called, is said by their own."""

    def may_see(self, scope: Scope) -> bool:
        """Everybody who sees the register."""
        return bool(scope.held)

    def orgs_changed(self, scope: Scope) -> frozenset[int]:
        """Organisations in which one may say what codes are called."""
        return scope.orgs_as(*MAPPERS)


def kind_of_table(table: CodeTable) -> ListKind:
    """A table as a list."""
    return ListKind(
        name=f"{PREFIX}{table.pk}", zh=table.name, title=TABLE_WORDS.get(table.name, table.name),
        one=_("code"), icon="book", model=Code,
        columns=COLUMNS, shown=(), search=(),
    )  # fmt: skip


def make_preview(table: CodeTable, org: Org, file: str, data: bytes) -> Preview:
    """Which local codes a file would set; empty: nothing of one's own."""
    kind, faults = kind_of_table(table), Faults()
    given = read_list(kind, file, data, faults)
    by_code = {code.code: code for code in table.codes.all()}
    now = dict(CodeMapping.objects.filter(org=org, code__table=table).values_list("code_id", "local"))
    shown = codes.locals_of(table, org)  # own words, or those of an organisation above
    wanted, lines, rows = dict(now), [], dict[int, Any]()
    for one in given.rows:
        code = by_code.get(one.row.text("ref"))
        if code is None:
            one.row.fault("ref", "is no code of this table", "leave this row out; a file sets local codes only")
            continue
        local = one.row.cell("local")
        if len(local) > LOCAL_MAX:
            one.row.fault("local", say("is longer than %(most)s characters", most=LOCAL_MAX), "write it shorter")
        if code.pk in rows:
            one.row.fault(
                "ref",
                say("stands in row %(before)s already", before=rows[code.pk].number),
                "delete one of the two rows",
            )
        rows[code.pk] = one
        old = shown.get(code.pk, "")
        line = Line(one.number, code.code, SAME, [], (code.pk, local))
        if "local" in given.columns and local != old and (local or code.pk in now):
            wanted[code.pk] = local
            line.state = CHANGED
            line.cells.append((kind.column("local"), old, local))
        lines.append(line)
    if given.rows and "local" not in given.columns:
        faults.add(file, "the column is missing", "add the column 本地代码 (local)", row=1, column="local")
    _check_names(by_code, wanted, rows)
    return Preview(lines, faults.listed(), [])


def _check_names(by_code: Mapping[str, Code], wanted: Mapping[int, str], rows: Mapping[int, Any]) -> None:
    times = Counter(local.lower() for local in wanted.values() if local)
    shared = {code.code.lower(): code.pk for code in by_code.values()}
    for pk, one in rows.items():
        local = wanted.get(pk, "").lower()
        if local and times[local] > 1:
            one.row.fault("local", "stands for two codes", "give each its own")
        if local and shared.get(local, pk) != pk:
            one.row.fault("local", "is the shared code of something else", "choose another")


def keep(table: CodeTable, org: Org, scope: Scope, preview: Preview) -> dict[str, int]:
    """Set the local codes of a preview.

    Raises:
        BadFiles: something in the file is wrong.
    """
    if preview.faults:
        raise BadFiles(preview.faults)
    changed = codes.set_local(scope, org, table, dict(line.row for line in preview.lines if line.state == CHANGED))
    return {NEW: 0, CHANGED: changed, SAME: len(preview.lines) - changed}


def rows_of_table(table: CodeTable, org: Org | None) -> Iterable[Code]:
    """The codes with what the organisation calls them."""
    for code, local in codes.find_codes(table, "", org):
        code.local = local
        said = (f"{key}={value}" for key, value in code.data.items() if key != "source" and value is not None)
        code.numbers = "; ".join(said)
        code.source = str(code.data.get("source", table.source))
        yield code


def map_org(scope: Scope) -> Org | None:
    """The organisation whose local codes a reader sees and sets."""
    return Org.objects.filter(pk__in=scope.orgs_as(*MAPPERS)).order_by("path").first()


def find(name: str) -> Importer | None:
    """The list of a table's codes: `codes-12`."""
    number = name.removeprefix(PREFIX)
    if not name.startswith(PREFIX) or not (number.isascii() and number.isdigit()):
        return None
    table = CodeTable.objects.filter(pk=int(number)).first()
    if table is None:
        return None

    def prepare(org: Org, _scope: Scope, file: str, data: bytes, _tell: Tell) -> Preview:
        return make_preview(table, org, file, data)

    def take(org: Org, scope: Scope, preview: Preview, _tell: Tell) -> dict[str, int]:
        return keep(table, org, scope, preview)

    return _CodesImporter(
        kind=kind_of_table(table), preview=prepare, keep=take,
        rows=lambda scope, _said: rows_of_table(table, map_org(scope)),
        home=("register:code_table", str(table.pk)),
    )  # fmt: skip
