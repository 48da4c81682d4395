"""Forms of orders: words and areas that come with a move, conditions of a field, a track file."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from nongshi.core.units import MU_PER_HA
from nongshi.market.prices import CONDITIONS
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.orders.words import LINES

FUEL_YUAN_MAX = 100_000


class ActForm(forms.Form):
    """What comes with a move."""

    area = forms.FloatField(label=_("Area to be paid"), required=False, min_value=0, max_value=100_000)
    note = forms.CharField(label=_("In words"), required=False, max_length=250)
    said_by = forms.CharField(label=_("Who said so, by telephone"), required=False, max_length=40)

    def area_ha(self) -> float | None:
        """The area in our unit."""
        return hectares(self.cleaned_data["area"])


class HandForm(forms.Form):
    """An area where no track shows the work."""

    area = forms.FloatField(label=_("Worked area"), min_value=0.001, max_value=100_000)


class TrackForm(forms.Form):
    """The track of the machine that worked."""

    track = forms.FileField(label=_("Track: CSV, GPX, GeoJSON or ISOXML (.zip)"))


class FuelForm(forms.Form):
    """Fuel that the cooperative handed out for an order."""

    fuel = forms.DecimalField(
        label=_("Fuel handed out, yuan"), min_value=0, max_value=FUEL_YUAN_MAX, decimal_places=2
    )  # fmt: skip


class QuoteForm(forms.Form):
    """What makes the work harder, told before the price is."""

    conditions = forms.MultipleChoiceField(
        label=_("What makes it harder?"),
        required=False,
        choices=[(name, LINES[name]) for name in CONDITIONS],
        widget=forms.CheckboxSelectMultiple,
    )
    said_by = forms.CharField(
        label=_("The farmer agreed to the price, by telephone: who"), required=False, max_length=40
    )


def hectares(said: Any) -> float | None:
    """An area of a form, in the reader's unit, as hectares."""
    if said is None:
        return None
    return round(said if in_english() else said / MU_PER_HA, 6)
