"""Forms of the season ahead."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nongshi.site.base.models import Org
from nongshi.site.forecasts.season_json import BYTES_MAX


class FileForm(forms.Form):
    """A file for an organisation: a season.json, or a season folder as a zip."""

    org = forms.ModelChoiceField(
        label=gettext_lazy("Organisation"), queryset=Org.objects.none(), empty_label=None,
        widget=forms.Select(attrs={"data-text": ""}),
    )  # fmt: skip
    file = forms.FileField(
        label=gettext_lazy("season.json, or a season folder as a ZIP file"),
        widget=forms.FileInput(attrs={"accept": ".json,.zip"}),
    )

    def __init__(self, *args: Any, orgs: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.fields["org"].queryset = orgs

    def clean_file(self) -> bytes:
        """Its bytes, not too many."""
        file = self.cleaned_data["file"]
        if file.size > BYTES_MAX:
            raise forms.ValidationError(_("The file is larger than %(n)d MB.") % {"n": BYTES_MAX >> 20})
        self.file_name = str(file.name)[-120:]
        return bytes(file.read())

    @property
    def is_folder(self) -> bool:
        """Whether a zip was sent."""
        return bytes(self.cleaned_data["file"][:2]) == b"PK"
