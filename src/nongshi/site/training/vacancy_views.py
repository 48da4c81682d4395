"""Vacancies for those who offer work: what the forecast lacks, what is offered, who said yes."""

from datetime import date

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadInput, BadUsage
from nongshi.core.units import FEN_PER_YUAN
from nongshi.site.base.access import need_role
from nongshi.site.base.models import Org
from nongshi.site.base.rights import Resource, RoleKind
from nongshi.site.forecasts import services as forecasts
from nongshi.site.forecasts import words
from nongshi.site.training import vacancies
from nongshi.site.training.models import AnswerState


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """What may be offered, what is."""
    need_role(request.scope, RoleKind.DISPATCHER)
    forecast = forecasts.newest(request.scope)
    today = timezone.localdate()
    found = vacancies.suggest(request.scope, forecast, today) if forecast is not None else []
    context = {
        "forecast": forecast,
        "orgs": Org.objects.filter(pk__in=request.scope.orgs(Resource.VACANCY, change=True)).order_by("path"),
        "suggested": [
            {"one": one, "licence": words.licence_name(one.licence), "week": words.week_words(one.start),
             "worth": words.number(one.worth_yuan_h), "pay": one.pay_fen_h // FEN_PER_YUAN}
            for one in found
        ],
        "offered": [
            {
                "row": row, "licence": words.licence_name(row.licence_class), "week": words.week_words(row.start),
                "answers": [one for one in row.answers.all() if one.state != AnswerState.BACK],
                "taken": sum(one.state == AnswerState.TAKEN for one in row.answers.all()),
            }
            for row in vacancies.own_offers(request.scope)
        ],
    }  # fmt: skip
    return render(request, "training/vacancies.html", context)


@require_POST
def offer(request: HttpRequest) -> HttpResponse:
    """Offer work that the forecast lacks hands for."""
    need_role(request.scope, RoleKind.DISPATCHER)
    said = request.POST
    try:
        start = date.fromisoformat(said.get("start", ""))
        vacancies.offer(
            request.scope, _whole(said.get("org")), _whole(said.get("forecast")), said.get("town", ""),
            said.get("licence", ""), start, places=_whole(said.get("places")),
            pay_fen=_whole(said.get("pay")) * FEN_PER_YUAN,
        )  # fmt: skip
    except ValueError:
        messages.error(request, _("Load the page again and press once more."))
    except BadInput:
        messages.error(request, _("Write 1 to 50 people, and pay of 10 to 1,000 yuan an hour."))
    except BadUsage:
        messages.error(request, _("This is offered already, or nothing is lacking there any more."))
    else:
        messages.success(request, _("Offered: operators with this licence see it now."))
    return redirect("training:vacancies")


def _whole(said: str | None) -> int:
    """A whole number as it stands in a form.

    Raises:
        BadInput: it is none.
    """
    if said is None or not said.isascii() or not said.isdecimal() or len(said) > 12:
        raise BadInput(f"{said!r} is no whole number; open the page again")
    return int(said)


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Nobody else is looked for."""
    need_role(request.scope, RoleKind.DISPATCHER)
    vacancies.close(request.scope, pk)
    messages.success(request, _("Closed."))
    return redirect("training:vacancies")


@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Take somebody on, or not."""
    need_role(request.scope, RoleKind.DISPATCHER)
    try:
        vacancies.decide(request.scope, pk, taken=request.POST.get("taken") == "yes")
    except BadUsage:
        messages.error(request, _("All places are taken, or the yes was taken back."))
    else:
        messages.success(request, _("They are told."))
    return redirect("training:vacancies")
