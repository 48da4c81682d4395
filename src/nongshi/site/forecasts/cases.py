"""The what-if's form: five questions, each a case of its own; and what a case says in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nongshi.core.season import CROPS
from nongshi.site.forecasts import words
from nongshi.site.forecasts.season_json import SeasonDoc

COUNT_MAX = 500
CROP_WORDS: Mapping[str, Any] = {
    "rice": gettext_lazy("rice"), "wheat": gettext_lazy("wheat"), "rapeseed": gettext_lazy("rapeseed"),
    "barley": gettext_lazy("barley"),
}  # fmt: skip
ALL_TOWNS = ""


class CasesForm(forms.Form):
    """Which cases; a question is asked where its box is ticked."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=80)
    machines = forms.BooleanField(label=gettext_lazy("More machines"), required=False)
    machines_class = forms.ChoiceField(label=gettext_lazy("Machine"), required=False)
    machines_count = forms.IntegerField(label=gettext_lazy("How many"), required=False, initial=5)
    machines_town = forms.ChoiceField(label=gettext_lazy("Town"), required=False)
    operators = forms.BooleanField(label=gettext_lazy("More trained operators"), required=False)
    operators_licence = forms.ChoiceField(label=gettext_lazy("Driving licence"), required=False)
    operators_count = forms.IntegerField(label=gettext_lazy("How many"), required=False, initial=10)
    operators_town = forms.ChoiceField(label=gettext_lazy("Town"), required=False)
    earlier = forms.BooleanField(label=gettext_lazy("Sown earlier"), required=False)
    earlier_crop = forms.ChoiceField(label=gettext_lazy("Crop"), required=False)
    earlier_days = forms.IntegerField(label=gettext_lazy("Days earlier"), required=False, initial=7)
    alone = forms.BooleanField(label=gettext_lazy("Towns and owners do not help each other"), required=False)
    rain = forms.BooleanField(label=gettext_lazy("A week of rain"), required=False)
    rain_week = forms.ChoiceField(label=gettext_lazy("Week"), required=False)
    together = forms.BooleanField(label=gettext_lazy("And all of them together"), required=False)

    def __init__(self, *args: Any, doc: SeasonDoc, **more: Any) -> None:
        super().__init__(*args, **more)
        towns = [(ALL_TOWNS, _("all towns")), *((one.town, one.town) for one in doc.towns)]
        classes = sorted({one.machine_class for one in doc.operations})
        licences = sorted({one.licence for one in doc.operations if one.licence})
        chosen: Mapping[str, list[tuple[str, Any]]] = {
            "machines_class": [(one, words.class_name(one)) for one in classes],
            "machines_town": towns,
            "operators_licence": [(one, words.licence_name(one)) for one in licences],
            "operators_town": towns,
            "earlier_crop": [(one, CROP_WORDS[one]) for one in CROPS],
            "rain_week": [(str(week), words.week_words(doc.start_of(week))) for week in range(doc.weeks)],
        }
        for name, choices in chosen.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean(self) -> dict[str, Any]:
        """At least one question, each with its number."""
        said = super().clean() or {}
        for box, number in (
            ("machines", "machines_count"),
            ("operators", "operators_count"),
            ("earlier", "earlier_days"),
        ):
            limit = 60 if number == "earlier_days" else COUNT_MAX
            value = said.get(number)
            if said.get(box) and (value is None or not -limit <= value <= limit or value == 0):
                self.add_error(number, _("Write a number up to %(n)d, not 0.") % {"n": limit})
        if not any(said.get(box) for box in KINDS):
            self.add_error(None, _("Tick at least one question."))
        return said

    def cases(self) -> list[dict[str, Any]]:
        """As they are kept: a name and its changes."""
        changes = [change for box in KINDS if self.cleaned_data[box] for change in [self._change(box)]]
        found = [{"name": one["kind"], "changes": [one]} for one in changes]
        if self.cleaned_data["together"] and len(changes) > 1:
            found.append({"name": "together", "changes": changes})
        return found

    def _change(self, box: str) -> dict[str, Any]:
        said = self.cleaned_data
        values = {name: said[f"{box}_{part}"] for name, part in KINDS[box] if said[f"{box}_{part}"] not in ("", None)}
        return {"kind": box, **{name: int(value) if name == "week" else value for name, value in values.items()}}


KINDS: Mapping[str, tuple[tuple[str, str], ...]] = {  # question -> (name of the room's change, part of the field)
    "machines": (("machine_class", "class"), ("count", "count"), ("town", "town")),
    "operators": (("licence", "licence"), ("count", "count"), ("town", "town")),
    "earlier": (("crop", "crop"), ("days", "days")),
    "alone": (),
    "rain": (("week", "week"),),
}


def case_words(case: Mapping[str, Any], doc: SeasonDoc) -> str:
    """What a case is, in the reader's language; a kind that we do not know stays as its name."""
    said = [_change_words(one, doc) for one in case["changes"] if isinstance(one, Mapping)]
    return "; ".join(filter(None, said)) or str(case["name"])


def _change_words(one: Mapping[str, Any], doc: SeasonDoc) -> str:
    town = str(one.get("town") or _("all towns"))
    count = f"{one.get('count', 0):+g}"
    match one.get("kind"):
        case "machines":
            return f"{count} {words.class_name(str(one['machine_class']))}, {town}"
        case "operators":
            licence = words.licence_name(str(one["licence"]))
            return _("%(n)s operators (%(licence)s), %(town)s") % {"n": count, "licence": licence, "town": town}
        case "earlier":
            crop = CROP_WORDS.get(str(one["crop"]), one["crop"])
            return _("%(crop)s sown %(n)s days earlier") % {"crop": crop, "n": f"{one['days']:g}"}
        case "alone":
            return _("towns and owners do not help each other")
        case "rain":
            return _("rain in the %(week)s") % {"week": words.week_words(doc.start_of(int(one["week"])))}
        case _:
            return ""
