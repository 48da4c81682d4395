"""The farmer's forms: a new job by field, work and day."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nongshi.agronomy import OPERATIONS
from nongshi.core.units import MU_PER_HA
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.clerk.asked import Ask
from nongshi.site.jobs.assumptions import AHEAD_DAYS, DAYS_DEFAULT
from nongshi.site.jobs.services import Wanted
from nongshi.site.register.models import Field

OTHER_DAY = "other"
AREA_SLACK = 1.05  # of the field: outlines are measured, not surveyed


class FieldForm(forms.Form):
    """A field that the register lacks: its name, area and a pin, if there is one."""

    name = forms.CharField(label=_("What is the field called?"), max_length=60)
    area = forms.FloatField(
        label=_("How large is it?"),
        min_value=0.01,
        max_value=3000,
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    lon = forms.FloatField(required=False, min_value=-180, max_value=180, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, min_value=-90, max_value=90, widget=forms.HiddenInput)

    def ask(self) -> Ask:
        """What the grower says, in our own units; valid forms only."""
        said = self.cleaned_data
        area_ha = said["area"] if in_english() else said["area"] / MU_PER_HA
        pinned = said["lon"] is not None and said["lat"] is not None
        return Ask(
            name=said["name"],
            area_ha=round(area_ha, 4),
            lon=said["lon"] if pinned else None,
            lat=said["lat"] if pinned else None,
        )


class BookForm(forms.Form):
    """Field, work and day; the rest may stay empty."""

    field = forms.TypedChoiceField(
        coerce=int, error_messages={"required": _("Tap your field."), "invalid_choice": _("Tap one of your fields.")}
    )
    work = forms.ChoiceField(
        choices=[(code, code) for code in OPERATIONS],
        error_messages={"required": _("Tap the work."), "invalid_choice": _("Tap one of the works shown.")},
    )
    day = forms.CharField(max_length=10, error_messages={"required": _("Tap a day.")})
    other = forms.DateField(
        label=_("Another day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        error_messages={"invalid": _("Write the day as 2026-11-28.")},
    )
    area = forms.FloatField(
        label=_("Only a part of the field"),
        required=False,
        min_value=0.01,
        widget=forms.NumberInput(attrs={"inputmode": "decimal", "step": "any", "min": "0"}),
    )
    note = forms.CharField(label=_("Anything we should know?"), required=False, max_length=300)
    key = forms.CharField(max_length=60, required=False)

    def __init__(self, *args: Any, fields: list[Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.own = {field.pk: field for field in fields}
        self.fields["field"].choices = [(field.pk, str(field)) for field in fields]

    def clean(self) -> dict[str, Any]:
        """The days and the area in our own units."""
        said = dict(super().clean() or {})
        if "day" in said:
            said["since"] = self._day(said)
        field = self.own.get(said.get("field") or 0)
        if said.get("area"):
            said["area_ha"] = said["area"] if in_english() else said["area"] / MU_PER_HA
            if field is not None and said["area_ha"] > field.area_ha * AREA_SLACK:
                self.add_error("area", _("The field is not that large."))
        return said

    def _day(self, said: dict[str, Any]) -> date | None:
        if said["day"] == OTHER_DAY:
            day = said.get("other")
            if day is None and "other" not in self.errors:
                self.add_error("other", _("Choose the day."))
        else:
            try:
                day = date.fromisoformat(said["day"])
            except ValueError:
                day = None
                self.add_error("day", _("Tap a day."))
        where, today = "other" if said["day"] == OTHER_DAY else "day", timezone.localdate()
        if day is not None and day < today:
            self.add_error(where, _("That day is over; choose a later one."))
        elif day is not None and (day - today).days > AHEAD_DAYS - DAYS_DEFAULT:
            self.add_error(where, _("That is too far ahead; choose an earlier day."))
        return day

    def wanted(self) -> Wanted:
        """What the farmer asks for; valid forms only."""
        said = self.cleaned_data
        return Wanted(
            field=self.own[said["field"]],
            operation=said["work"],
            since=said["since"],
            until=said["since"] + timedelta(days=DAYS_DEFAULT),
            area_ha=said.get("area_ha"),
            note=said["note"],
        )
