"""Forms of the trainer's desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nongshi.agronomy import LICENCE_CLASSES
from nongshi.core.units import FEN_PER_YUAN
from nongshi.site.base.models import Org
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.forecasts.season_json import BYTES_MAX
from nongshi.site.people.forms import DayInput, PhoneField
from nongshi.site.training.assumptions import MINIMUM, SEATS


def licence_choices() -> list[tuple[str, str]]:
    """Licence classes with their names."""
    return [(one.id, one.name_en if in_english() else one.name_zh) for one in LICENCE_CLASSES.values()]


class CourseForm(forms.Form):
    """A course."""

    org = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), queryset=Org.objects.none(), empty_label=None,
        widget=forms.Select(attrs={"data-text": ""}),
    )  # fmt: skip
    licence_class = forms.ChoiceField(label=gettext_lazy("Driving licence"), choices=licence_choices)
    start = forms.DateField(label=gettext_lazy("Begins on"), widget=DayInput)
    end = forms.DateField(label=gettext_lazy("Ends on"), widget=DayInput)
    town = forms.CharField(label=gettext_lazy("Town"), max_length=80)
    venue = forms.CharField(label=gettext_lazy("Place"), max_length=120, required=False)
    seats = forms.IntegerField(label=gettext_lazy("Seats"), min_value=1, max_value=500, initial=SEATS)
    minimum = forms.IntegerField(label=gettext_lazy("Opens from so many"), min_value=1, max_value=500, initial=MINIMUM)
    cost_yuan = forms.DecimalField(
        label=gettext_lazy("Cost of the course, yuan"), min_value=0, max_value=10_000_000, decimal_places=2, initial=0
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, orgs: Any, fixed: bool = False, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["org"].queryset = orgs
        if fixed or len(orgs) == 1:  # where it belongs to is no question
            self.fields["org"].widget = forms.HiddenInput()
            self.fields["org"].initial = orgs[0]
            self.fields["org"].required = not fixed

    def clean(self) -> dict[str, Any]:
        """Days and seats that go together."""
        said = super().clean() or {}
        if said.get("start") and said.get("end") and said["end"] < said["start"]:
            self.add_error("end", _("The last day lies before the first."))
        if said.get("seats") and said.get("minimum") and said["minimum"] > said["seats"]:
            self.add_error("minimum", _("More than there are seats."))
        return said

    def values(self) -> dict[str, Any]:
        """Columns of a course."""
        said = self.cleaned_data
        kept = ("licence_class", "start", "end", "town", "venue", "seats", "minimum")
        return {name: said[name] for name in kept} | {"cost_fen": round(said["cost_yuan"] * FEN_PER_YUAN)}


class TraineeForm(forms.Form):
    """Somebody new who wants to learn."""

    name = forms.CharField(label=gettext_lazy("Full name"), max_length=60)
    phone = PhoneField(label=gettext_lazy("Phone"), required=False, max_length=30)


class PlanForm(forms.Form):
    """A training plan as a file."""

    org = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), queryset=Org.objects.none(), empty_label=None,
        widget=forms.Select(attrs={"data-text": ""}),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("Training plan as a JSON file"), widget=forms.FileInput(attrs={"accept": ".json"})
    )

    def __init__(self, *args: Any, orgs: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["org"].queryset = orgs

    def clean_file(self) -> str:
        """Its text."""
        file = self.cleaned_data["file"]
        if file.size > BYTES_MAX:
            raise forms.ValidationError(_("The file is larger than %(n)d MB.") % {"n": BYTES_MAX >> 20})
        self.file_name = str(file.name)[-120:]
        try:
            return bytes(file.read()).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise forms.ValidationError(_("The file is no text in UTF-8.")) from error
