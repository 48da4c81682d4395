"""The register of an organisation: its land, machines, people's licences, dryers and yards, and what it lends."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nongshi.site.base.geometry import Outlined
from nongshi.site.base.models import Org, Person
from nongshi.site.base.rights import Resource
from nongshi.site.base.rows import OrgRow

LON = (MinValueValidator(-180.0), MaxValueValidator(180.0))
LAT = (MinValueValidator(-90.0), MaxValueValidator(90.0))
POSITIVE = (MinValueValidator(0.0),)


class CodeTable(models.Model):
    """A table of codes with its edition and source: areas, crops, operations, machine and licence classes, rates."""

    name = models.CharField(_("table"), max_length=40)
    edition = models.CharField(_("edition"), max_length=40)
    source = models.CharField(_("source"), max_length=300)
    since = models.DateField(_("in force since"), null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("name", "edition"), name="code_table_once")]
        verbose_name = _("code table")
        verbose_name_plural = _("code tables")

    def __str__(self) -> str:
        return f"{self.name} {self.edition}"


class Code(models.Model):
    """One code of a table."""

    table = models.ForeignKey(CodeTable, on_delete=models.CASCADE, related_name="codes")
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    data = models.JSONField(default=dict, blank=True)  # numbers of the code, each with its source

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("table", "code"), name="code_once")]
        verbose_name = _("code")
        verbose_name_plural = _("codes")

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class CodeMapping(models.Model):
    """What a district calls one of the shared codes."""

    org = models.ForeignKey(Org, on_delete=models.CASCADE, related_name="+")
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="mappings")
    local = models.CharField(_("local code"), max_length=40)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("org", "code"), name="mapping_once")]
        verbose_name = _("local code")
        verbose_name_plural = _("local codes")

    def __str__(self) -> str:
        return f"{self.code} = {self.local}"


class Registered(OrgRow):
    """A row of the register: its organisation's own name for it is unique there."""

    ref = models.CharField(_("number"), max_length=40)
    out_since = models.DateField(_("out of use since"), null=True, blank=True)  # kept, for other rows speak of it
    generated = models.BooleanField(_("generated"), default=False)

    class Meta:
        abstract = True
        ordering = ("ref",)
        constraints: ClassVar = [models.UniqueConstraint(fields=("org", "ref"), name="%(class)s_ref_once")]

    def __str__(self) -> str:
        return self.ref


class Field(Registered, Outlined):
    """A parcel."""

    resource: ClassVar = Resource.FIELD
    self_paths: ClassVar = ("grower",)

    name = models.CharField(_("name"), max_length=80)
    place = models.CharField(_("village or town"), max_length=80, blank=True)
    grower = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="fields")
    area_ha = models.FloatField(_("area, ha"), validators=POSITIVE)
    gate_lon = models.FloatField(_("gate, longitude"), validators=LON)
    gate_lat = models.FloatField(_("gate, latitude"), validators=LAT)
    crop = models.CharField(_("crop"), max_length=40, blank=True)
    variety = models.CharField(_("variety"), max_length=60, blank=True)
    hazards = models.CharField(_("hazards: ditch, pole, soft corner"), max_length=200, blank=True)

    class Meta(Registered.Meta):
        verbose_name = _("field")
        verbose_name_plural = _("fields")

    def __str__(self) -> str:
        return self.name or self.ref


class Yard(Registered):
    """Where machines sleep."""

    resource: ClassVar = Resource.YARD
    name = models.CharField(_("name"), max_length=80)
    lon = models.FloatField(_("longitude"), validators=LON)
    lat = models.FloatField(_("latitude"), validators=LAT)

    class Meta(Registered.Meta):
        verbose_name = _("yard")
        verbose_name_plural = _("yards")


class Machine(Registered):
    """One machine, its terminal and its papers."""

    resource: ClassVar = Resource.MACHINE
    self_paths: ClassVar = ("owner",)

    name = models.CharField(_("name"), max_length=80, blank=True)
    machine_class = models.CharField(_("machine class"), max_length=40)
    owner = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="machines")
    owner_ref = models.CharField(_("owner's number"), max_length=40, blank=True)  # who may use it: in region folders
    yard_lon = models.FloatField(_("yard, longitude"), validators=LON)
    yard_lat = models.FloatField(_("yard, latitude"), validators=LAT)
    plate = models.CharField(_("plate"), max_length=20, blank=True)
    terminal = models.CharField(_("terminal"), max_length=40, blank=True, db_index=True)
    width_m = models.FloatField(_("working width, m"), null=True, blank=True, validators=POSITIVE)
    available_from = models.DateTimeField(_("here from"), null=True, blank=True)
    available_to = models.DateTimeField(_("here to"), null=True, blank=True)
    down = models.JSONField(_("broken from, to"), default=list, blank=True)  # [[from, to], ...] local wall times
    inspected_until = models.DateField(_("inspection valid to"), null=True, blank=True)
    insured_until = models.DateField(_("insurance valid to"), null=True, blank=True)
    permit_until = models.DateField(_("cross-region permit to"), null=True, blank=True)
    oversize_until = models.DateField(_("oversize permit to"), null=True, blank=True)
    upkeep_due = models.DateField(_("upkeep due"), null=True, blank=True)

    class Meta(Registered.Meta):
        verbose_name = _("machine")
        verbose_name_plural = _("machines")

    def __str__(self) -> str:
        return self.name or self.ref

    def papers_missing(self, day: date) -> list[str]:
        """Which papers do not hold on a day; empty: the machine may travel between regions."""
        papers = {
            "inspection": self.inspected_until,
            "insurance": self.insured_until,
            "permit": self.permit_until,
            "oversize": self.oversize_until,
        }
        return [name for name, until in papers.items() if until is None or until < day]

    @classmethod
    def lent_rows(cls) -> Q:
        """Machines that the lender lends today."""
        return _lent(Resource.MACHINE)


class Implement(models.Model):
    """A working tool of a machine; `width_m` is what it covers on the ground."""

    machine = models.ForeignKey(Machine, on_delete=models.CASCADE, related_name="implements")
    name = models.CharField(_("implement"), max_length=60)
    width_m = models.FloatField(
        _("working width, m"), validators=[MinValueValidator(0.1), MaxValueValidator(40.0)]
    )  # assumption: no boom or header of the region is wider
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        ordering = ("name", "pk")
        verbose_name = _("implement")
        verbose_name_plural = _("implements")

    def __str__(self) -> str:
        return self.name


class Operator(Registered):
    """Somebody who may drive."""

    resource: ClassVar = Resource.OPERATOR
    self_paths: ClassVar = ("person",)

    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="operators")
    owner_ref = models.CharField(_("owner's number"), max_length=40, blank=True)
    hours_max = models.FloatField(_("hours a day at most"), default=10.0, validators=[MaxValueValidator(24.0)])
    shared = models.BooleanField(_("drives for other owners"), default=False)
    off_days = models.JSONField(_("days off"), default=list, blank=True)  # ISO dates

    class Meta(Registered.Meta):
        verbose_name = _("operator")
        verbose_name_plural = _("operators")

    def __str__(self) -> str:
        return self.person.name if self.person else self.ref

    @classmethod
    def lent_rows(cls) -> Q:
        """Operators that the lender lends today."""
        return _lent(Resource.OPERATOR)


class Licence(models.Model):
    """A licence class that an operator holds."""

    operator = models.ForeignKey(Operator, on_delete=models.CASCADE, related_name="licences")
    licence_class = models.CharField(_("class"), max_length=10)
    valid_until = models.DateField(_("valid to"))
    photo = models.FileField(_("photo"), upload_to="licences/", blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("operator", "licence_class"), name="licence_once")]
        verbose_name = _("licence")
        verbose_name_plural = _("licences")

    def __str__(self) -> str:
        return f"{self.licence_class} {self.valid_until}"


class Dryer(Registered):
    """Takes wet grain."""

    resource: ClassVar = Resource.DRYER
    name = models.CharField(_("name"), max_length=80, blank=True)
    lon = models.FloatField(_("longitude"), validators=LON)
    lat = models.FloatField(_("latitude"), validators=LAT)
    t_day = models.FloatField(_("tonnes a day"), validators=POSITIVE)
    hold_t = models.FloatField(_("tonnes that may wait over night"), validators=POSITIVE)
    down = models.JSONField(_("out of order from, to"), default=list, blank=True)

    class Meta(Registered.Meta):
        verbose_name = _("dryer")
        verbose_name_plural = _("dryers")

    def __str__(self) -> str:
        return self.name or self.ref


class Lending(OrgRow):
    """What an organisation lends to another: its machines or its operators, all or one, from day to day."""

    resource: ClassVar = Resource.LENDING

    to = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="borrowings", verbose_name=_("lent to"))
    what = models.CharField(
        _("what"), max_length=12, choices=[(kind.value, kind.value) for kind in (Resource.MACHINE, Resource.OPERATOR)]
    )
    machine = models.ForeignKey(Machine, null=True, blank=True, on_delete=models.CASCADE, related_name="lendings")
    operator = models.ForeignKey(Operator, null=True, blank=True, on_delete=models.CASCADE, related_name="lendings")
    since = models.DateField(_("from"))
    until = models.DateField(_("to"))

    class Meta:
        verbose_name = _("lending")
        verbose_name_plural = _("lendings")

    def __str__(self) -> str:
        return f"{self.org} > {self.to}: {self.machine or self.operator or self.what}"

    @classmethod
    def lent_to(cls, org_ids: Iterable[int], today: date) -> Mapping[int, frozenset[Any]]:
        """By borrower: (kind, lender) pairs of today."""
        rows = cls.objects.filter(to_id__in=list(org_ids), since__lte=today, until__gte=today)
        found: dict[int, set[Any]] = {}
        for borrower, what, lender in rows.values_list("to_id", "what", "org_id"):
            found.setdefault(borrower, set()).add((Resource(what), lender))
        return {borrower: frozenset(pairs) for borrower, pairs in found.items()}


def _lent(kind: Resource) -> Q:
    """Rows of a lender that stand in a lending of today, by name or as all of their kind."""
    today = timezone.localdate()
    lending = Lending.objects.filter(org_id=OuterRef("org_id"), what=kind, since__lte=today, until__gte=today)
    one = {f"{kind}_id": OuterRef("pk")}
    every: dict[str, Any] = {f"{kind}_id": None}
    return Q(Exists(lending.filter(Q(**one) | Q(**every))))


class Draft(OrgRow):
    """A file that somebody sent to be looked at first: nothing of it stands in the register before it is taken over."""

    resource: ClassVar = Resource.FIELD

    list_name = models.CharField(max_length=20)
    file_name = models.CharField(max_length=120)
    data = models.BinaryField()
    by = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="+")
    run_id = models.BigIntegerField(null=True)  # the worker's run that looks at it or takes it over
    summary = models.JSONField(default=dict)  # counts, faults and first rows, where a worker looked at it
    taken = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.list_name} {self.file_name}"
