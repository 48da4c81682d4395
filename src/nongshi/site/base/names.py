"""Names of codes in the reader's language."""

from django.utils.translation import get_language

from nongshi.agronomy import OPERATIONS


def operation_names(code: str) -> str:
    """An operation's name; a code that we do not know stays as it is."""
    found = OPERATIONS.get(code)
    if found is None:
        return code
    return found.name_en if (get_language() or "").startswith("en") else found.name_zh
