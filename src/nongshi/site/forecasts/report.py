"""The season ahead as words for the PDF report."""

from datetime import date

from django.utils.translation import gettext as _

from nongshi.files.season_report import ReportWords, Section
from nongshi.files.texts import SYNTHETIC
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.forecasts import figures, words
from nongshi.site.forecasts.models import Forecast

ROWS = 20


def words_of(row: Forecast, today: date) -> ReportWords:
    """What the report of one forecast says."""
    doc = row.doc
    found = figures.lacks(doc, today)
    totals = doc.totals
    heads = [(_("Towns"), str(len(doc.towns))), (_("Weeks"), str(doc.weeks)), (_("Scenarios"), str(doc.scenarios))]
    if totals is not None and totals.loss_yuan is not None:
        heads.append((_("Loss by lateness, yuan"), words.spread_words(totals.loss_yuan)))
    return ReportWords(
        title=str(row.org) + " · " + _("Season ahead"),
        lead=_("%(region)s, from %(first)s, with what was known on %(day)s")
        % {"region": doc.region, "first": doc.first_day, "day": doc.as_of},
        foot=_("Nongshi: the right machine, onto the right field, inside its window"),
        figures=heads,
        sections=[_short(found), _prices(row), *_demand(row)],
        notes_title=_("What the numbers mean"),
        notes=[*words.said(doc), *meaning()],
        lang="en" if in_english() else "zh",
        synthetic=row.generated,
        synthetic_word=SYNTHETIC[int(in_english())],
    )


def meaning() -> list[str]:
    """How every number here is to be read."""
    return [
        _("Numbers stand as the middle of the scenarios with the range of 8 years out of 10 beside it."),
        _("People lacking are hours short divided by the hours that one operator can work in that week."),
        _("A price is what one more hour would save in lateness there and then; it is no wage."),
    ]


def _short(found: list[figures.Lack]) -> Section:
    return Section(
        title=_("What will be short"),
        heads=[_("Town"), _("Week"), _("Driving licence"), _("How many people"), _("8 years of 10"), _("yuan an hour")],
        nums=(3, 4, 5), widths=(0, 0, 1, 0, 0, 0),
        rows=[
            [one.town, words.week_words(one.start), words.licence_name(one.licence), str(one.count),
             words.range_words(one.low, one.high), words.number(one.price_yuan_h)]
            for one in found
            if one.sure
        ][:ROWS],
        empty=_("No operator is lacking in the middle of the scenarios."),
    )  # fmt: skip


def _prices(row: Forecast) -> Section:
    return Section(
        title=_("What one more would be worth"), heads=[_("One more"), _("Town"), _("Week"), _("yuan an hour")],
        nums=(3,), widths=(1, 0, 0, 0),
        rows=[
            [words.price_words(one), one.town, words.week_words(one.start), words.number(one.yuan_h)]
            for one in figures.best_prices(row.doc, ROWS)
        ],
        empty=_("Nothing more would be worth anything: nothing is short."),
    )  # fmt: skip


def _demand(row: Forecast) -> list[Section]:
    """Per operation: the week of each town that asks for most."""
    doc, found = row.doc, []
    for operation in figures.choices(doc)["demand"]:
        layer = figures.layer(doc, "demand", operation)
        rows = []
        for town, cells in zip(layer.towns, layer.cells, strict=True):
            week = max(range(len(cells)), key=lambda at: cells[at].p50)
            if cells[week].p50 > 0:
                scale = words.scaled(layer, 1.0)
                rows.append([town, words.week_words(layer.weeks[week]), words.spread_words(cells[week], scale)])
        found.append(
            Section(
                title=words.operation_name(doc, operation),
                heads=[_("Town"), _("Busiest week"), _("Area") + f", {words.unit_of(layer)}"],
                nums=(2,),
                widths=(1, 1, 0),
                rows=rows,
                empty=_("None."),
            )
        )
    return found
