"""The filters of the audit; they stand in the address, so that a search can be sent to somebody or kept."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nongshi.site.auditor.acts import OBJECT, Asked, act_names, audited_orgs
from nongshi.site.auditor.risk import SAMPLE_MAX
from nongshi.site.auditor.words import act_words
from nongshi.site.base.scope import Scope
from nongshi.site.jobs.models import JobStatus

SAMPLE_DEFAULT = 20
SEED_MAX = 2**31 - 1


def _day(label: Any) -> forms.DateField:
    return forms.DateField(label=label, required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))


class DaysForm(forms.Form):
    """From a day to a day."""

    since = _day(_("From day"))
    until = _day(_("To day"))

    def clean(self) -> dict[str, Any]:
        """The days in their order."""
        said = super().clean() or {}
        since, until = said.get("since"), said.get("until")
        if since and until and until < since:
            raise ValidationError(_("The last day lies before the first; exchange or correct them."))
        return said


class ActsForm(DaysForm):
    """Who did what to what, when."""

    person = forms.CharField(label=_("Person"), required=False, max_length=60, help_text=_("part of a name, or number"))
    act = forms.ChoiceField(label=_("Act"), required=False)
    about = forms.CharField(label=_("Object"), required=False, max_length=60, help_text=_("a kind, or kind:number"))
    org = forms.TypedChoiceField(label=_("Organisation"), required=False, coerce=int, empty_value=None)
    field_order = ("person", "act", "about", "org", "since", "until")

    def __init__(self, data: Any, scope: Scope) -> None:
        super().__init__(data)
        act, org = self.fields["act"], self.fields["org"]
        act.choices = [("", _("any")), *sorted(((n, act_words(n)) for n in act_names(scope)), key=lambda pair: pair[1])]
        org.choices = [("", _("all")), *((row.pk, str(row)) for row in audited_orgs(scope))]

    def clean_about(self) -> str:
        """A kind alone, or with a number."""
        said = str(self.cleaned_data["about"]).strip().lower().replace("：", ":")
        if ":" in said and not OBJECT.match(said):
            raise ValidationError(_("Write a kind and a number, as in the list of acts."))
        return said

    def asked(self) -> Asked:
        """The filters as they were said, once they are valid."""
        said = self.cleaned_data
        return Asked(**{name: said[name] for name in ("person", "act", "about", "org", "since", "until")})


class JobsForm(forms.Form):
    """Jobs by number, field or state."""

    q = forms.CharField(label=_("Number or field"), required=False, max_length=60)
    status = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("any")), *JobStatus.choices])


class WordsForm(forms.Form):
    """Machines by number, plate or class."""

    q = forms.CharField(label=_("Number, name or plate"), required=False, max_length=60)


class SampleForm(DaysForm):
    """How many jobs of which days, and the seed."""

    n = forms.IntegerField(label=_("Jobs"), min_value=1, max_value=SAMPLE_MAX)
    seed = forms.IntegerField(
        label=_("Seed"), min_value=0, max_value=SEED_MAX, help_text=_("the same seed draws the same jobs")
    )
    field_order = ("n", "seed", "since", "until")

    @classmethod
    def asked_by(cls, query: Any) -> "SampleForm":
        """What the address says; days and numbers that it leaves out are those of this month."""
        today = timezone.localdate()
        said = {"n": SAMPLE_DEFAULT, "seed": int(f"{today:%Y%m%d}"), "since": today.replace(day=1), "until": today}
        shown = {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in said.items()}
        return cls(shown | {name: query[name] for name in said if query.get(name)})
