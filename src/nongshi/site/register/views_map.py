"""Outlines for maps, and an outline judged while it is drawn."""

import json

import shapely
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from nongshi.core.errors import BadInput
from nongshi.core.units import MU_PER_HA
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.templatetags.site import area
from nongshi.site.register.models import Field
from nongshi.site.register.outlines import CrossesItself, area_ha_of, overlaps_of, parse_outline
from nongshi.site.register.views import kind_of, own_orgs

NEAR_MAX = 3_000  # outlines on one map


@require_GET
def near(request: HttpRequest) -> JsonResponse:
    """Outlines of an organisation's fields, for maps."""
    kind_of(request, "fields")
    rows = Field.objects.seen_by(request.scope).filter(out_since=None).exclude(outline=None)
    if request.GET.get("org", "").isdigit():
        rows = rows.filter(org_id=int(request.GET["org"]))
    if request.GET.get("but", "").isdigit():
        rows = rows.exclude(pk=int(request.GET["but"]))
    features = [
        {
            "type": "Feature", "id": row.pk, "geometry": json.loads(shapely.to_geojson(row.geometry)),
            "properties": {"name": str(row)},
        }
        for row in rows[:NEAR_MAX]
    ]  # fmt: skip
    return JsonResponse({"type": "FeatureCollection", "features": features})


@require_POST
def judge(request: HttpRequest) -> JsonResponse:
    """An outline on its way: its true area, where it crosses itself, on whom it lies."""
    kind = kind_of(request, "fields")
    try:
        said = json.loads(request.body or b"{}")
        text, org_id, but = str(said.get("shape", "")), int(said.get("org") or 0), said.get("but")
    except (ValueError, TypeError, AttributeError) as error:
        raise BadInput("send shape and org as JSON") from error
    org = next((one for one in own_orgs(request, kind) if one.pk == org_id), None)
    if org is None:
        raise Forbidden("you may not draw fields of this organisation")
    try:
        outline = parse_outline(text)
    except CrossesItself as fault:
        words = _("The outline crosses itself at the red point. Move the corners there apart.")
        return JsonResponse({"at": [fault.lon, fault.lat], "words": words, "kind": "bad"})
    except BadInput:
        return JsonResponse({"words": _("This is no outline of a field. Draw it on the map."), "kind": "bad"})
    if outline is None:
        return JsonResponse({})
    area_ha = area_ha_of(outline)
    upon = overlaps_of(outline, org, but=but if isinstance(but, int) else None)
    words = _("Lies upon its neighbours: %(names)s") % {"names": ", ".join(str(one.field) for one in upon[:5])}
    inside = outline.representative_point()
    answer = {"shown": area(area_ha, 2), "area_mu": round(area_ha * MU_PER_HA, 2), "inside": [inside.x, inside.y]}
    return JsonResponse(answer | ({"words": words, "kind": "late"} if upon else {}))
