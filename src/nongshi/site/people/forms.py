"""Forms about people."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nongshi.core.errors import BadInput
from nongshi.site.base.models import Org, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.words import ROLE_WORDS
from nongshi.site.people.numbers import clean_id, clean_phone
from nongshi.site.people.services import PURPOSES

DAYS = ((30, _("30 days")), (200, _("a season (200 days)")), (365, _("a year")))


class DayInput(forms.DateInput):
    """The browser's own calendar."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class DataSelect(forms.Select):
    """Choices that are names, in no language of ours."""

    def __init__(self) -> None:
        super().__init__(attrs={"data-text": ""})


def role_choices(kinds: Any) -> list[tuple[str, Any]]:
    """Roles as choices, in the order of the table of rights."""
    return [(kind.value, ROLE_WORDS[kind]) for kind in RoleKind if kind in kinds]


class PhoneField(forms.CharField):
    """A phone number as people write it."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})

    def clean(self, value: Any) -> str:
        """In one writing."""
        try:
            return clean_phone(str(super().clean(value) or ""))
        except BadInput as fault:
            raise forms.ValidationError(_("This cannot be a phone number; write it like 138 1234 5678.")) from fault


class PersonForm(forms.Form):
    """Name and phone."""

    name = forms.CharField(label=_("Name"), max_length=60)
    phone = PhoneField(label=_("Phone"), required=False, max_length=30)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class NewPersonForm(PersonForm):
    """Somebody new with roles."""

    org = forms.ModelChoiceField(
        label=_("Organisation"), queryset=Org.objects.none(), empty_label=None, widget=DataSelect()
    )
    roles = forms.MultipleChoiceField(label=_("Roles"), widget=forms.CheckboxSelectMultiple)
    until = forms.DateField(label=_("Until (empty: no end)"), required=False, widget=DayInput())

    field_order = ("org", "name", "phone", "roles", "until")


class RoleForm(forms.Form):
    """One more role, from when to when."""

    kind = forms.ChoiceField(label=_("Role"))
    since = forms.DateField(label=_("From (empty: at once)"), required=False, widget=DayInput())
    until = forms.DateField(label=_("Until (empty: no end)"), required=False, widget=DayInput())


class IdForm(forms.Form):
    """An ID number; checked by its last place."""

    number = forms.CharField(
        label=_("ID number, 18 places"), max_length=24, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_number(self) -> str:
        """With a right last place."""
        try:
            return clean_id(self.cleaned_data["number"])
        except BadInput as fault:
            raise forms.ValidationError(_("This ID number cannot be right; type its 18 places again.")) from fault


class LinkForm(forms.Form):
    """A signed link for a role."""

    kind = forms.ChoiceField(label=_("Opens the pages of"))
    days = forms.TypedChoiceField(label=_("It holds for"), choices=DAYS, coerce=int, initial=200)

    def __init__(self, *args: Any, held: Any = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = role_choices({kind for kind in PURPOSES if kind in held})


class BeginForm(forms.Form):
    """The first password, by a one-time code."""

    login = forms.CharField(label=_("Login"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "username"}))
    code = forms.CharField(
        label=_("One-time code"), max_length=20, widget=forms.TextInput(attrs={"autocomplete": "one-time-code"})
    )
    password = forms.CharField(
        label=_("New password, 8 characters or more"),
        max_length=120,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


class MergeForm(forms.Form):
    """Who is the same person."""

    other = forms.ModelChoiceField(label=_("The same person as"), queryset=Person.objects.none(), widget=DataSelect())


class EraseForm(forms.Form):
    """The name once more, so that nobody is erased by a slip."""

    name = forms.CharField(
        label=_("Write the name once more"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def __init__(self, *args: Any, name: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name

    def clean_name(self) -> str:
        """As it stands on the page."""
        written = str(self.cleaned_data["name"]).strip()
        if written != self.name:
            raise forms.ValidationError(_("This is not the name that stands above."))
        return written


class OrgForm(forms.ModelForm):
    """What an organisation says of itself."""

    class Meta:
        model = Org
        fields = ("name", "name_en", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["phone"] = PhoneField(
            label=_("Phone that operators and farmers see"), required=False, max_length=30
        )


class AppointForm(forms.Form):
    """A dispatcher for an organisation below."""

    org = forms.ModelChoiceField(label=_("Organisation"), queryset=Org.objects.none(), widget=DataSelect())
    name = forms.CharField(label=_("Name"), max_length=60)
    phone = PhoneField(label=_("Phone"), required=False, max_length=30)
