"""Forms of the register; what people type in mu and local days becomes hectares and dates."""

from datetime import timedelta
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nongshi.core.errors import BadInput
from nongshi.core.units import MU_PER_HA
from nongshi.site.base.models import Org, OrgKind, Person
from nongshi.site.base.rights import Resource
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.register.codes import newest_table
from nongshi.site.register.columns import LISTS
from nongshi.site.register.models import Dryer, Field, Implement, Lending, Machine, Operator, Yard
from nongshi.site.register.outlines import parse_outline

LENDING_DAYS = 14  # assumption: a harvest's two weeks
WHATS = ((Resource.MACHINE.value, _("machines")), (Resource.OPERATOR.value, _("operators")))


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


def code_choices(table_name: str, now: str = "") -> list[tuple[str, str]]:
    """Codes of a table as choices in the reader's language; a code that is none of them stays."""
    table = newest_table(table_name)
    english = in_english()
    found = [(c.code, c.name_en if english and c.name_en else c.name) for c in table.codes.all()] if table else []
    return found if not now or now in dict(found) else [*found, (now, now)]


class RowForm(forms.ModelForm):
    """A row of the register; its number is unique in its organisation."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    list_name: ClassVar[str]

    def __init__(self, *args: Any, org: Org, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.org = org
        self.fields["version"].initial = self.instance.version if self.instance.pk else ""
        for name in ("grower", "owner", "person"):
            if name in self.fields:
                self.fields[name].widget.attrs["data-text"] = ""
                self.fields[name].queryset = Person.objects.filter(org=org).order_by("name", "pk")
        labels = {column.attribute: column.label for column in LISTS[self.list_name].columns if column.kind != "mu"}
        for name, own in self.fields.items():
            own.label = labels.get(name, own.label)
            if isinstance(own, forms.DateField):
                own.widget = DayInput()
            if isinstance(own, forms.FloatField):
                own.widget.attrs |= {"step": "any", "inputmode": "decimal"}

    def clean_ref(self) -> str:
        """The number, not taken yet."""
        said = str(self.cleaned_data["ref"]).strip()
        same = type(self.instance).objects.filter(org=self.org, ref=said).exclude(pk=self.instance.pk)
        if same.exists():
            raise forms.ValidationError(_("This number is taken; choose another."))
        return said


class FieldForm(RowForm):
    """A parcel; its area is typed in mu, its outline comes from the map."""

    list_name: ClassVar[str] = "fields"

    area_mu = forms.FloatField(label=_("Stated area, mu"), min_value=0.01, max_value=150_000)
    shape = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("ref", "name", "place", "grower", "area_mu", "crop", "variety", "hazards", "gate_lon", "gate_lat")

    class Meta:
        model = Field
        fields = ("ref", "name", "place", "grower", "crop", "variety", "hazards", "gate_lon", "gate_lat")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["area_mu"].initial = round(self.instance.area_ha * MU_PER_HA, 3)
        choices = [("", "—"), *code_choices("crop", self.instance.crop)]
        self.fields["crop"] = forms.ChoiceField(label=_("Crop"), choices=choices, required=False)
        self.order_fields(self.field_order)

    def clean_shape(self) -> str:
        """The outline, sound."""
        text = str(self.cleaned_data["shape"])
        self.geometry = None
        try:
            self.geometry = parse_outline(text)
        except BadInput as fault:
            self.outline_fault = fault
            raise forms.ValidationError(_("The outline cannot be right; see the map.")) from fault
        return text

    def save(self, commit: bool = True) -> Field:
        """The row with area and outline."""
        row: Field = super().save(commit=False)
        if "area_mu" in self.changed_data or not row.pk:
            row.area_ha = self.cleaned_data["area_mu"] / MU_PER_HA
        row.set_geometry(self.geometry)
        return row


class MachineForm(RowForm):
    """A machine and its papers."""

    list_name: ClassVar[str] = "machines"

    class Meta:
        model = Machine
        fields = (
            "ref", "name", "machine_class", "plate", "terminal", "owner", "owner_ref", "width_m", "yard_lon",
            "yard_lat", "inspected_until", "insured_until", "permit_until", "oversize_until", "upkeep_due",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = code_choices("machine_class", self.instance.machine_class)
        self.fields["machine_class"] = forms.ChoiceField(label=_("Machine class"), choices=choices)
        self.order_fields(self._meta.fields)


class OperatorForm(RowForm):
    """Somebody who may drive."""

    list_name: ClassVar[str] = "operators"

    class Meta:
        model = Operator
        fields = ("ref", "person", "owner_ref", "hours_max", "shared")


class DryerForm(RowForm):
    """A dryer."""

    list_name: ClassVar[str] = "dryers"

    class Meta:
        model = Dryer
        fields = ("ref", "name", "t_day", "hold_t", "lon", "lat")


class YardForm(RowForm):
    """A yard."""

    list_name: ClassVar[str] = "yards"

    class Meta:
        model = Yard
        fields = ("ref", "name", "lon", "lat")


FORMS: dict[str, type[RowForm]] = {
    "fields": FieldForm,
    "machines": MachineForm,
    "operators": OperatorForm,
    "dryers": DryerForm,
    "yards": YardForm,
}


class LicenceForm(forms.Form):
    """A class held, and a photo of the card."""

    licence_class = forms.ChoiceField(
        label=pgettext_lazy("licence", "Class"), widget=forms.Select(attrs={"data-text": ""})
    )
    valid_until = forms.DateField(label=_("Valid to"), widget=DayInput())
    photo = forms.FileField(
        label=_("Photo"), required=False, widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["licence_class"].choices = [
            (code, f"{code} · {name}") for code, name in code_choices("licence_class")
        ]


class ImplementForm(forms.ModelForm):
    """A tool with its width."""

    class Meta:
        model = Implement
        fields = ("name", "width_m", "since", "until")
        widgets: ClassVar = {"since": DayInput(), "until": DayInput()}


class LendingForm(forms.ModelForm):
    """What, to whom, from when to when."""

    which = forms.ChoiceField(label=_("What is lent"))

    field_order = ("which", "to", "since", "until")

    class Meta:
        model = Lending
        fields = ("to", "since", "until")
        widgets: ClassVar = {"since": DayInput(), "until": DayInput()}

    def __init__(self, *args: Any, org: Org, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.org = org
        kinds = (OrgKind.COOP, OrgKind.FARM)
        self.fields["to"].queryset = Org.objects.filter(kind__in=kinds).exclude(pk=org.pk).order_by("name")
        self.fields["to"].widget.attrs["data-text"] = ""
        today = timezone.localdate()
        self.fields["since"].initial, self.fields["until"].initial = today, today + timedelta(days=LENDING_DAYS)
        machines = Machine.objects.filter(org=org, out_since=None).order_by("ref")
        operators = Operator.objects.filter(org=org, out_since=None).select_related("person").order_by("ref")
        self.fields["which"].widget.attrs["data-text"] = ""
        self.fields["which"].choices = [
            ("machine:", _("all machines")),
            ("operator:", _("all operators")),
            (_("one machine"), [(f"machine:{m.pk}", f"{m.ref} {m.name}".strip()) for m in machines]),
            (_("one operator"), [(f"operator:{o.pk}", f"{o.ref} {o}") for o in operators]),
        ]
        self.order_fields(self.field_order)

    def save(self, commit: bool = True) -> Lending:
        """The lending, not kept yet."""
        row: Lending = super().save(commit=False)
        row.org = self.org
        row.what, _colon, pk = self.cleaned_data["which"].partition(":")
        if pk:
            setattr(row, f"{row.what}_id", int(pk))
        return row


class UploadForm(forms.Form):
    """A list to be looked at."""

    org = forms.TypedChoiceField(label=_("Organisation"), coerce=int, widget=forms.Select(attrs={"data-text": ""}))
    file = forms.FileField(
        label=_("File: XLSX, CSV or GeoJSON"),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv,.txt,.json,.geojson"}),
    )
