"""A season made on a page from what the register holds."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nongshi.agronomy import OPERATIONS
from nongshi.core.errors import BadInput
from nongshi.site.base.access import need_role
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.models import Org
from nongshi.site.base.names import operation_names
from nongshi.site.base.rights import RoleKind
from nongshi.site.register.forms import DayInput
from nongshi.site.register.showing import tabs_for
from nongshi.site.seasons.assumptions import DAYS, DAYS_MAX, WORK_END, WORK_START
from nongshi.site.seasons.making import LEADERS, SeasonWish, make_season, may_lead


class _Clock(forms.TimeInput):
    """The browser's own clock."""

    input_type = "time"


class SeasonForm(forms.Form):
    """Who, when, which work."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    lead = forms.ModelChoiceField(
        label=gettext_lazy("Led by"), queryset=Org.objects.none(), empty_label=None,
        widget=forms.Select(attrs={"data-text": ""}),
    )  # fmt: skip
    start_date = forms.DateField(label=gettext_lazy("First day of the season"), widget=DayInput())
    horizon_days = forms.IntegerField(
        label=gettext_lazy("Number of days"), min_value=1, max_value=DAYS_MAX, initial=DAYS
    )
    work_start = forms.TimeField(
        label=gettext_lazy("Work begins at"), initial=WORK_START, widget=_Clock(format="%H:%M")
    )
    work_end = forms.TimeField(label=gettext_lazy("Work ends at"), initial=WORK_END, widget=_Clock(format="%H:%M"))
    operations = forms.MultipleChoiceField(label=gettext_lazy("Work"), widget=forms.CheckboxSelectMultiple)
    members = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Ask to plan together"), queryset=Org.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"data-text": ""}),
    )  # fmt: skip

    def __init__(self, *args: Any, leads: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        orgs = Org.objects.filter(kind__in=LEADERS).order_by("path")
        self.fields["lead"].queryset = orgs.filter(pk__in=leads)
        self.fields["members"].queryset = orgs
        self.fields["operations"].choices = [(name, operation_names(name)) for name in OPERATIONS]
        self.fields["start_date"].initial = timezone.localdate()

    def wish(self) -> SeasonWish:
        """What was asked for."""
        said = self.cleaned_data
        return SeasonWish(
            name=said["name"], lead_id=said["lead"].pk, start_date=said["start_date"],
            horizon_days=said["horizon_days"], operations=said["operations"],
            member_ids=[org.pk for org in said["members"]], work_start=said["work_start"], work_end=said["work_end"],
        )  # fmt: skip


def make(request: HttpRequest) -> HttpResponse:
    """Make a season; everybody chosen is asked."""
    need_role(request.scope, RoleKind.DISPATCHER, RoleKind.OFFICER)
    leads = may_lead(request.scope)
    if not leads:
        raise Forbidden("there is no cooperative for which you may make a season")
    form = SeasonForm(request.POST or None, leads=leads)
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                make_season(request.scope, form.wish())
            except BadInput as fault:
                form.add_error(None, _fault_words(fault))
            else:
                messages.success(request, _("The season is made; whoever was asked joins by their own word."))
                return redirect("seasons:home")
        status = 422
    context = {
        "form": form, "submit": _("Make the season"), "cancel": reverse("seasons:home"),
        "tabs": tabs_for(request.scope), "here": "seasons",
    }  # fmt: skip
    return render(request, "seasons/make.html", context, status=status)


def _fault_words(fault: BadInput) -> str:
    """What cannot be right; what the form itself does not see."""
    said = str(fault)
    if "plans the same machines" in said:
        return _("The leading organisation plans its machines in another season on these days already.")
    if "working day" in said:
        return _("The working day ends before it begins.")
    return _("The first day is long over; choose a later one.")
