"""Forms of money: a new version of a price, a cap, terms; a period; a bank's list; a bank account."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from nongshi.agronomy import OPERATIONS
from nongshi.core.units import FEN_PER_YUAN, MU_PER_HA
from nongshi.market.assumptions import KM_FEN, MINIMUM_FEN, NEAR_KM, SMALL_HA, SMALL_SHARE, SURCHARGES
from nongshi.market.cancellation import NoticeTerms
from nongshi.market.prices import Cap, PriceList
from nongshi.market.settle import Terms, Wage
from nongshi.site.base.names import operation_names
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.money.bank_files import ACCOUNT
from nongshi.site.money.terms import CoopTerms
from nongshi.site.money.words import CONDITIONS

YUAN_MAX = 1_000_000
Day = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def operations() -> list[tuple[str, str]]:
    """Operations to choose from, in the reader's language."""
    return [(code, operation_names(code)) for code in OPERATIONS]


def _yuan(label: Any, **more: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=YUAN_MAX, decimal_places=2, **more)


def _percent(label: Any, **more: Any) -> forms.FloatField:
    return forms.FloatField(label=label, min_value=0, max_value=100, **more)


def _fen(said: Decimal) -> int:
    return round(said * FEN_PER_YUAN)


class Versioned(forms.Form):
    """Something that holds from a day on."""

    operation = forms.ChoiceField(label=_("Operation"), choices=operations)
    since = forms.DateField(label=_("Valid from"), widget=Day, initial=timezone.localdate)
    per_area = _yuan(_("Price by area, yuan"))
    minimum = _yuan(_("At least, yuan"), initial=MINIMUM_FEN / FEN_PER_YUAN)

    def per_ha_fen(self) -> int:
        """The price per hectare; said per mu in Chinese."""
        return _fen(self.cleaned_data["per_area"] * (1 if in_english() else MU_PER_HA))


class PriceForm(Versioned):
    """A cooperative's price of an operation."""

    small = forms.FloatField(label=_("A field is small below"), min_value=0, max_value=1000)
    small_share = _percent(
        _("A small field pays so much of the area it lacks, %"), initial=round(SMALL_SHARE * 100)
    )  # fmt: skip
    near_km = forms.FloatField(label=_("Way included, km"), min_value=0, max_value=1000, initial=NEAR_KM)
    km = _yuan(_("Each km beyond, yuan"), initial=KM_FEN / FEN_PER_YUAN)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["small"].initial = round(SMALL_HA * (1 if in_english() else MU_PER_HA), 3)
        for name, share in SURCHARGES.items():
            self.fields[f"plus_{name}"] = _percent(
                _("Surcharge, %(what)s, %%") % {"what": CONDITIONS[name]}, initial=round(share * 100)
            )

    def price(self, org_id: int) -> PriceList:
        """The version; valid forms only."""
        said = self.cleaned_data
        return PriceList(
            coop=str(org_id),
            operation=said["operation"],
            since=said["since"],
            per_ha_fen=self.per_ha_fen(),
            minimum_fen=_fen(said["minimum"]),
            surcharges={name: said[f"plus_{name}"] / 100 for name in SURCHARGES},
            small_ha=said["small"] if in_english() else said["small"] / MU_PER_HA,
            small_share=said["small_share"] / 100,
            near_km=said["near_km"],
            km_fen=_fen(said["km"]),
        )


class CapForm(Versioned):
    """The most that a district allows."""

    def cap(self) -> Cap:
        """The version; valid forms only."""
        said = self.cleaned_data
        return Cap(
            operation=said["operation"],
            since=said["since"],
            per_ha_fen=self.per_ha_fen(),
            minimum_fen=_fen(said["minimum"]),
        )


class TermsForm(forms.Form):
    """A cooperative's terms."""

    since = forms.DateField(label=_("Valid from"), widget=Day)
    coop_share = _percent(_("The cooperative's share of the price, %"))
    wage = forms.ChoiceField(
        label=_("Wages go by"), choices=[(Wage.HECTARE.value, _("area")), (Wage.HOUR.value, _("hour"))]
    )
    wage_yuan = _yuan(_("Wage per hectare or hour, yuan"))
    deposit = forms.FloatField(label=_("Deposit at booking, % of the price"), min_value=0, max_value=50)
    notice_h = forms.FloatField(
        label=_("Calling off is free with so many hours of notice"), min_value=1, max_value=1000
    )
    short_h = forms.FloatField(label=_("Short notice begins below, hours"), min_value=0.5, max_value=1000)
    middle = _percent(_("Between the two, % of the price"))
    short = _percent(_("At short notice, % of the price"))
    no_show = _percent(_("Not there at all, % of the price"))
    auto_settle = forms.BooleanField(label=_("Undisputed work is accepted by itself after 48 h"), required=False)
    bank_holder = forms.CharField(label=_("Account holder"), required=False, max_length=70)
    bank_account = forms.RegexField(
        ACCOUNT, label=_("Bank account"), required=False,
        error_messages={"invalid": _("6 to 34 letters and digits, without spaces.")},
    )  # fmt: skip
    bank_code = forms.CharField(label=_("Bank code"), required=False, max_length=20)

    def clean(self) -> dict[str, Any]:
        """Shares that rise as notice gets shorter."""
        said = super().clean() or {}
        if {"notice_h", "short_h"} <= set(said) and said["short_h"] >= said["notice_h"]:
            self.add_error("short_h", _("Short notice is shorter than notice that is free."))
        if {"middle", "short"} <= set(said) and said["middle"] > said["short"]:
            self.add_error("short", _("Later notice cannot cost less than earlier."))
        return said

    def terms(self) -> CoopTerms:
        """The version; valid forms only."""
        said = self.cleaned_data
        return CoopTerms(
            since=said["since"],
            shares=Terms(
                coop_share=said["coop_share"] / 100, wage=Wage(said["wage"]), wage_fen=_fen(said["wage_yuan"])
            ),
            notice=NoticeTerms(
                shares=((said["notice_h"], 0.0), (said["short_h"], said["middle"] / 100), (0.0, said["short"] / 100)),
                no_show_share=said["no_show"] / 100,
            ),
            deposit_share=said["deposit"] / 100,
            auto_settle=said["auto_settle"],
            bank_holder=said["bank_holder"],
            bank_account=said["bank_account"],
            bank_code=said["bank_code"],
        )

    @staticmethod
    def said_of(terms: CoopTerms, today: date) -> dict[str, Any]:
        """What the form shows of terms in force."""
        steps = [*([(48.0, 0.0)] if len(terms.notice.shares) < 2 else []), *terms.notice.shares]
        return {
            "since": today,
            "coop_share": round(terms.shares.coop_share * 100, 2),
            "wage": terms.shares.wage.value,
            "wage_yuan": terms.shares.wage_fen / FEN_PER_YUAN,
            "deposit": round(terms.deposit_share * 100, 2),
            "notice_h": steps[0][0],
            "short_h": steps[-2][0] if len(steps) > 2 else steps[0][0] / 2,
            "middle": round(steps[-2][1] * 100, 2),
            "short": round(steps[-1][1] * 100, 2),
            "no_show": round(terms.notice.no_show_share * 100, 2),
            "auto_settle": terms.auto_settle,
            "bank_holder": terms.bank_holder,
            "bank_account": terms.bank_account,
            "bank_code": terms.bank_code,
        }


class PeriodForm(forms.Form):
    """From a day to a day."""

    first = forms.DateField(label=_("First day"), widget=Day)
    last = forms.DateField(label=_("Last day"), widget=Day)


class BankForm(forms.Form):
    """A bank's list as a file; what was looked at comes back as text."""

    file = forms.FileField(label=_("The bank's list (CSV)"), required=False)
    text = forms.CharField(required=False, widget=forms.HiddenInput)


class BankAccountForm(forms.Form):
    """A party's account at its bank."""

    holder = forms.CharField(label=_("Account holder"), max_length=70)
    number = forms.RegexField(
        ACCOUNT, label=_("Bank account"), error_messages={"invalid": _("6 to 34 letters and digits, without spaces.")}
    )
    bank_code = forms.CharField(label=_("Bank code"), required=False, max_length=20)
