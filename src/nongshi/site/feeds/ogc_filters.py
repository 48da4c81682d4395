"""Which rows a query asks for: filters by property, by box and by time, each as a condition on the rows."""

from collections.abc import Callable, Iterable, Sequence

from django.db.models import Q

from nongshi.core.errors import BadUsage
from nongshi.site.base.geometry import in_box
from nongshi.site.base.models import Org, OrgKind
from nongshi.site.feeds.ogc_query import Box, Span
from nongshi.site.feeds.positions import Place, find_places
from nongshi.site.register.models import Machine

WORDS = {"true": True, "1": True, "false": False, "0": False}


def by_word(column: str) -> Callable[[str], Q]:
    """Rows whose column is this word."""
    return lambda value: Q(**{column: value})


def by_yes(column: str) -> Callable[[str], Q]:
    """Rows whose column is true or false."""

    def wanted(value: str) -> Q:
        if value.lower() not in WORDS:
            raise BadUsage(f"{column} {value}: true or false is wanted")
        return Q(**{column: WORDS[value.lower()]})

    return wanted


def by_choice(column: str, choices: Iterable[str]) -> Callable[[str], Q]:
    """Rows whose column is one of these words."""
    known = list(choices)

    def wanted(value: str) -> Q:
        if value not in known:
            raise BadUsage(f"{column} {value}: there is {', '.join(known)}")
        return Q(**{column: value})

    return wanted


def by_number(column: str) -> Callable[[str], Q]:
    """Rows whose column is this number."""

    def wanted(value: str) -> Q:
        if not value.isdecimal() or len(value) > 18:
            raise BadUsage(f"{column} {value}: a whole number is wanted")
        return Q(**{column: int(value)})

    return wanted


def by_town(value: str) -> Q:
    """Rows of a town, by its code or name, and of all organisations below it."""
    towns = Org.objects.filter(Q(code=value) | Q(name=value) | Q(name_en=value), kind=OrgKind.TOWN)
    found = Q(pk=None)
    for path in towns.values_list("path", flat=True):
        found |= Q(org__path__startswith=path)
    return found


def any_of(parts: Iterable[Q]) -> Q:
    """Rows that meet one of the conditions; none where there is none."""
    found = Q(pk=None)
    for part in parts:
        found |= part
    return found


def field_in(box: Box) -> Q:
    """Fields whose outline's box meets the given one; without an outline by their gate."""
    west, south, east, north = box
    gate = Q(gate_lon__gte=west, gate_lon__lte=east, gate_lat__gte=south, gate_lat__lte=north)
    return in_box(*box) | (Q(min_lon=None) & gate)


def _yard_in(box: Box) -> Q:
    west, south, east, north = box
    return Q(yard_lon__gte=west, yard_lon__lte=east, yard_lat__gte=south, yard_lat__lte=north)


def machines_in(boxes: Sequence[Box]) -> Q:
    """By where they are now; the terminal's word counts before the yard's."""
    placed = find_places(Machine.objects.exclude(terminal="").only("pk", "terminal"))
    inside = [pk for pk, place in placed.items() if any(_holds(box, place) for box in boxes)]
    return Q(pk__in=inside) | (any_of(map(_yard_in, boxes)) & ~Q(pk__in=list(placed)))


def _holds(box: Box, place: Place) -> bool:
    return box[0] <= place.lon <= box[2] and box[1] <= place.lat <= box[3]


def job_span(span: Span) -> Q:
    """Jobs whose window meets the time."""
    since, until = span
    return (Q() if until is None else Q(open__lte=until)) & (Q() if since is None else Q(close__gte=since))


def machine_span(span: Span) -> Q:
    """Machines that are here at some time of it."""
    since, until = span
    here = Q() if until is None else Q(available_from=None) | Q(available_from__lte=until)
    return here & (Q() if since is None else Q(available_to=None) | Q(available_to__gte=since))
