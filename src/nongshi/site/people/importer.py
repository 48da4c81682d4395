"""People as one of the lists that come and leave as files."""

from nongshi.site.people.list_keeping import keep
from nongshi.site.people.list_reading import make_preview
from nongshi.site.people.listing import PEOPLE, list_rows
from nongshi.site.register.importers import Importer

IMPORTER = Importer(kind=PEOPLE, preview=make_preview, keep=keep, rows=list_rows, home=("people:home",))


def find(name: str) -> Importer | None:
    """The list of people, by its name."""
    return IMPORTER if name == PEOPLE.name else None
