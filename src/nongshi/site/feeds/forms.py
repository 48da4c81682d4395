"""Forms of the feeds' pages."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nongshi.site.base.models import Org
from nongshi.site.base.scope import Scope
from nongshi.site.feeds import calendars, guard, webhooks
from nongshi.site.feeds.models import CalendarKind

DAYS = ((30, _("30 days")), (200, _("a season (200 days)")), (365, _("a year")))
OWN = {CalendarKind.FARMER: _("Work on my fields"), CalendarKind.OPERATOR: _("My work as an operator")}


class CalendarForm(forms.Form):
    """A new calendar."""

    what = forms.ChoiceField(label=_("What should it show?"))
    days = forms.TypedChoiceField(label=_("It holds for"), choices=DAYS, coerce=int, initial=200)

    def __init__(self, scope: Scope, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["what"].choices = _grouped(calendars.list_choices(scope))
        self.fields["what"].widget.attrs["data-text"] = True  # names of people and machines

    @property
    def possible(self) -> bool:
        """Whether there is anything to make a calendar of."""
        return bool(self.fields["what"].choices)


def _grouped(found: list[tuple[str, str]]) -> list[tuple[Any, Any]]:
    own = [(word, OWN[CalendarKind(word)]) for word, _name in found if ":" not in word]
    groups = [
        (title, [(word, name) for word, name in found if word.startswith(start)])
        for title, start in ((_("Operators"), "operator:"), (_("Machines"), "machine:"))
    ]
    return [*own, *((title, rows) for title, rows in groups if rows)]


class WebhookForm(forms.Form):
    """A new webhook."""

    org = forms.ModelChoiceField(label=_("Organisation"), queryset=Org.objects.none(), empty_label=None)
    name = forms.CharField(label=_("What is it for?"), max_length=60)
    url = forms.CharField(label=_("Address"), max_length=guard.URL_MAX, help_text=_("Begins with https://"))
    kinds = forms.MultipleChoiceField(
        label=_("It is told of"), choices=list(webhooks.KINDS.items()), widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, scope: Scope, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        orgs = webhooks.list_orgs(scope)
        self.fields["org"].queryset = orgs
        self.fields["org"].initial = orgs.first()
        self.fields["url"].widget.attrs |= {"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}

    def clean_url(self) -> str:
        """An address that may be posted to."""
        url = str(self.cleaned_data["url"]).strip()
        try:
            guard.check_url(url)
        except guard.Unsafe as fault:
            raise forms.ValidationError(
                _("This address cannot be used: it must begin with https:// and be reachable from the internet.")
            ) from fault
        return url
