"""What a dispatcher says of a disruption: one short form each; its events as plain data."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from nongshi.core.times import wall
from nongshi.core.units import MU_PER_HA
from nongshi.files.texts import CLASSES
from nongshi.site.base.names import operation_names
from nongshi.site.board.data import worded
from nongshi.site.plans.drafts import Loaded
from nongshi.site.plans.replans import now_of

MODES = (
    ("keep", _("Nothing promised: only fit in what lost its place")),
    ("bounded", _("A little: only where it is worth a call")),
    ("free", _("Anything: the best plan from now on")),
)
AHEAD_H = 24.0
Choices = Iterable[tuple[str, str]]


class DataSelect(forms.Select):
    """A choice of names, which have no language."""

    def create_option(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """One name."""
        option = super().create_option(*args, **kwargs)
        option["attrs"]["data-text"] = True
        return option


class Disruption(forms.Form):
    """What has happened, and how much may change."""

    symbol: ClassVar[str] = "alert"
    name: ClassVar[Any] = ""

    def __init__(self, loaded: Loaded, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.loaded = loaded
        self.fields["mode"] = forms.ChoiceField(
            label=_("How much may change"), choices=MODES, initial="bounded", widget=forms.RadioSelect
        )
        for name in ("machine", "operator", "job", "machine_class", "field"):
            if name in self.fields:
                self.fields[name].choices = getattr(self, f"_{name}s")()
        for name in ("since", "until"):
            if name in self.fields:
                first, last = self._span()
                self.fields[name].widget.attrs |= {"min": f"{first}T00:00", "max": f"{last}T23:30"}

    def events(self) -> list[dict[str, Any]]:
        """As plans.replans.read_event takes them."""
        raise NotImplementedError

    def title(self) -> str:
        """What the new draft is called."""
        return f"{self.name}: {self.about()}"

    def about(self) -> str:
        """Whom or what it is about."""
        return ""

    def start(self) -> datetime:
        """The first moment a span may have: now, or the plan's first morning."""
        now = now_of(self.loaded.region)
        hours = [w.start for w in self.loaded.region.workdays if w.date == now.date() and w.start]
        return max(now, datetime.combine(now.date(), min(hours, default=time(7)), now.tzinfo))

    def _span(self) -> tuple[date, date]:
        region = self.loaded.region
        return region.start_date, region.start_date + timedelta(days=region.horizon_days - 1)

    def _machines(self) -> Choices:
        of, region = self.loaded.rows.machine_of, self.loaded.region
        return [("", "—")] + [
            (m.id, f"{of.get(m.id, m.id)} · {worded(CLASSES, m.machine_class, region.class_of[m.machine_class].name)}")
            for m in region.machines
        ]

    def _operators(self) -> Choices:
        return [("", "—"), *((key, f"{row} · {key}") for key, row in self.loaded.rows.operator_of.items())]

    def _machine_classs(self) -> Choices:
        kinds = self.loaded.region.machine_classes
        return [("", _("all machines")), *((c.id, worded(CLASSES, c.id, c.name)) for c in kinds)]

    def _jobs(self) -> Choices:
        first: dict[str, str] = {}
        for route in self.loaded.plan.routes:
            for stop in route.stops:
                first.setdefault(stop.job_id, f"{stop.start:%m-%d %H:%M} {self._machine_name(route.machine_id)}")
        of = self.loaded.rows.job_of
        named = [
            (k, f"{at} · {of[k].field} · {operation_names(of[k].operation)}") for k, at in first.items() if k in of
        ]
        return [("", "—"), *sorted(named, key=lambda one: one[1])]

    def _machine_name(self, machine_id: str) -> str:
        return str(self.loaded.rows.machine_of.get(machine_id, machine_id))

    def _check_span(self) -> None:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until <= since:
            self.add_error("until", _("The end must lie after the beginning; correct one of them."))
        now = now_of(self.loaded.region)
        if until and _naive(until) <= now.replace(tzinfo=None):
            self.add_error("until", _("That is over already; choose a later end."))


def _naive(moment: datetime | date) -> datetime:
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None)
    return datetime.combine(moment, time.max)


class LocalTime(forms.DateTimeField):
    """A wall time of the plan's place; it has no zone here."""

    def __init__(self, **more: Any) -> None:
        widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": 1800}, format="%Y-%m-%dT%H:%M")
        super().__init__(widget=widget, **more)

    def to_python(self, value: Any) -> Any:
        """No zone is put on it."""
        if not value:
            return None
        try:
            return datetime.fromisoformat(str(value))
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error


class Day(forms.DateField):
    """A day."""

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


class Span(Disruption):
    """Something from a moment until a moment."""

    def __init__(self, loaded: Loaded, *args: Any, **kwargs: Any) -> None:
        super().__init__(loaded, *args, **kwargs)
        since = self.start()
        self.fields["since"].initial = since.replace(tzinfo=None)
        self.fields["until"].initial = (since + timedelta(hours=AHEAD_H)).replace(tzinfo=None)

    def clean(self) -> None:
        """The end lies behind the beginning and behind now."""
        super().clean()
        self._check_span()

    def span(self) -> dict[str, str]:
        """As an event says it."""
        return {name: wall(self.cleaned_data[key], seconds=False) for name, key in (("from", "since"), ("to", "until"))}


class Breakdown(Span):
    """A machine stands still."""

    symbol, name = "wrench", _("Breakdown")
    machine = forms.ChoiceField(label=_("Which machine"), widget=DataSelect)
    since = LocalTime(label=_("Since"))
    until = LocalTime(label=_("Back at"))

    def events(self) -> list[dict[str, Any]]:
        """One."""
        return [{"kind": "machine_down", "machine_id": self.cleaned_data["machine"], **self.span()}]

    def about(self) -> str:
        """The machine."""
        return self._machine_name(self.cleaned_data["machine"])


class Illness(Disruption):
    """An operator cannot come for some days."""

    symbol, name = "user", _("Illness")
    operator = forms.ChoiceField(label=_("Who"), widget=DataSelect)
    since = Day(label=_("First day away"))
    until = Day(label=_("Last day away"))

    def __init__(self, loaded: Loaded, *args: Any, **kwargs: Any) -> None:
        super().__init__(loaded, *args, **kwargs)
        first, last = self._span()
        self.fields["since"].initial = self.fields["until"].initial = self.start().date()
        for name in ("since", "until"):
            self.fields[name].widget.attrs |= {"min": f"{first}", "max": f"{last}"}

    def clean(self) -> None:
        """The last day is not before the first."""
        super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The end must lie after the beginning; correct one of them."))
        elif until and until < now_of(self.loaded.region).date():
            self.add_error("until", _("That is over already; choose a later end."))

    def events(self) -> list[dict[str, Any]]:
        """One."""
        said = self.cleaned_data
        return [{"kind": "operator_ill", "operator_id": said["operator"],
                 "from": said["since"].isoformat(), "to": said["until"].isoformat()}]  # fmt: skip

    def about(self) -> str:
        """The operator."""
        return str(self.loaded.rows.operator_of.get(self.cleaned_data["operator"], ""))


class RainForm(Span):
    """Nobody can work for some hours."""

    symbol, name = "rain", _("Rain")
    since = LocalTime(label=_("Since"))
    until = LocalTime(label=_("Fields can be driven on again at"))
    machine_class = forms.ChoiceField(label=_("Which machines"), required=False)

    def events(self) -> list[dict[str, Any]]:
        """One."""
        return [{"kind": "rain", "machine_class": self.cleaned_data["machine_class"] or None, **self.span()}]

    def about(self) -> str:
        """When."""
        return f"{self.cleaned_data['since']:%m-%d %H:%M}"


class Overrun(Disruption):
    """A job takes longer than planned: it is reckoned with as a larger one."""

    symbol, name = "clock", _("Overrun")
    job = forms.ChoiceField(label=_("Which job"), widget=DataSelect)
    hours = forms.FloatField(label=_("How many hours longer"), min_value=0.25, max_value=48, initial=2)

    def events(self) -> list[dict[str, Any]]:
        """One: the hours as area at the machine's rate."""
        job = self.loaded.region.job_of[self.cleaned_data["job"]]
        machine_id = next(r.machine_id for r in self.loaded.plan.routes for s in r.stops if s.job_id == job.id)
        kind = self.loaded.region.machine_of[machine_id].machine_class
        area_ha = job.area_ha + self.cleaned_data["hours"] * self.loaded.region.rate_ha_h[kind, job.operation]
        return [{"kind": "job_area", "job_id": job.id, "area_ha": round(area_ha, 4)}]

    def about(self) -> str:
        """The field."""
        return str(self.loaded.rows.job_of[self.cleaned_data["job"]].field)


class Urgent(Disruption):
    """A job that cannot wait; it is posted first."""

    symbol, name = "sos", _("Urgent job")
    field = forms.ChoiceField(label=_("Which field"), widget=DataSelect)
    operation = forms.ChoiceField(label=_("Work"))
    area_mu = forms.FloatField(label=_("Area, mu (empty: the whole field)"), min_value=0.1, required=False)
    since = Day(label=_("First day"))
    until = Day(label=_("Best before the end of"))

    def __init__(self, loaded: Loaded, *args: Any, **kwargs: Any) -> None:
        self.own: Any = kwargs.pop("own")
        super().__init__(loaded, *args, **kwargs)
        doing = sorted({rate.operation for rate in loaded.region.work_rates})
        self.fields["operation"].choices = [(name, operation_names(name)) for name in doing]
        self.fields["since"].initial = self.start().date()
        self.fields["until"].initial = self.start().date() + timedelta(days=1)

    def _fields(self) -> Choices:
        return [("", "—"), *((str(row.pk), f"{row} · {row.place} · {row.ref}") for row in self.own)]

    @property
    def area_ha(self) -> float | None:
        """None: the whole field."""
        area_mu = self.cleaned_data["area_mu"]
        return None if area_mu is None else float(area_mu) / MU_PER_HA

    def about(self) -> str:
        """The field."""
        return str(next(row for row in self.own if str(row.pk) == self.cleaned_data["field"]))


class NoShow(Disruption):
    """Somebody did not come: the operator, or nobody opened the field."""

    symbol, name = "people", _("No-show")
    who = forms.ChoiceField(
        label=_("Who did not come"),
        choices=(("operator", _("the operator: away today")), ("grower", _("the grower: take the job out for now"))),
        widget=forms.RadioSelect,
        initial="operator",
    )
    operator = forms.ChoiceField(label=_("Which operator"), required=False, widget=DataSelect)
    job = forms.ChoiceField(label=_("Which job"), required=False, widget=DataSelect)

    def clean(self) -> None:
        """The one that is meant is chosen."""
        super().clean()
        needed = "operator" if self.cleaned_data.get("who") == "operator" else "job"
        if not self.cleaned_data.get(needed):
            self.add_error(needed, _("Choose one."))

    def events(self) -> list[dict[str, Any]]:
        """One."""
        said = self.cleaned_data
        if said["who"] == "grower":
            return [{"kind": "job_cancelled", "job_id": said["job"]}]
        day = now_of(self.loaded.region).date().isoformat()
        return [{"kind": "operator_ill", "operator_id": said["operator"], "from": day, "to": day}]

    def about(self) -> str:
        """The operator or the field."""
        said = self.cleaned_data
        if said["who"] == "grower":
            return str(self.loaded.rows.job_of[said["job"]].field)
        return str(self.loaded.rows.operator_of[said["operator"]])


FORMS: dict[str, type[Disruption]] = {
    "breakdown": Breakdown,
    "illness": Illness,
    "rain": RainForm,
    "overrun": Overrun,
    "urgent": Urgent,
    "noshow": NoShow,
}
