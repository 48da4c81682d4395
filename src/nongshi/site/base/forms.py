"""Forms of the base pages."""

from django import forms
from django.utils.translation import gettext_lazy as _

from nongshi.site.base.access import RIGHTS

DAYS = ((30, _("30 days")), (200, _("a season (200 days)")), (365, _("a year")))
RIGHT_WORDS = {"read": _("read"), "write": _("read and change"), "plan": _("make plans")}


class TokenForm(forms.Form):
    """A new key to the API."""

    name = forms.CharField(label=_("What is it for?"), max_length=60)
    rights = forms.MultipleChoiceField(
        label=_("It may"),
        choices=[(right, RIGHT_WORDS[right]) for right in RIGHTS],
        initial=["read"],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.TypedChoiceField(label=_("It holds for"), choices=DAYS, coerce=int, initial=200)


class LinkForm(forms.Form):
    """A link typed or pasted."""

    link = forms.CharField(label=_("Or paste the link here"), max_length=300)

    def clean_link(self) -> str:
        """The link's secret: all after /l/."""
        said = str(self.cleaned_data["link"]).strip().rstrip("/")
        _before, found, secret = said.rpartition("/l/")
        if not found or not secret or "/" in secret:
            raise forms.ValidationError(
                _("That is no link of ours: it has /l/ in it and ends with letters and figures.")
            )
        return secret
