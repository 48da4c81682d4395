"""A database that is away, or a disk that is full: one answer for pages and API, and nothing half done behind it.

Every change is one transaction: what could not be committed was not done, and whoever asked is told so. Connections
with faults are closed at the end of their request, so the site is itself again as soon as the database is.
"""

import errno
import logging

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

from nongshi.site.base.problems import problem_response

RETRY_S = 5
BUSY_S = 1
OURS = ("no such table", "no such column", "syntax error")  # faults of the code that SQLite calls operational, too
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EIO, errno.EROFS}

_log = logging.getLogger(__name__)


def why_away(fault: BaseException | None) -> tuple[str, str, int] | None:
    """Code, words and seconds to wait of a fault that will pass; None: it is another fault."""
    if isinstance(fault, OSError) and fault.errno in FULL:
        return "disk_full", "the disk is full or broken; nothing was changed", RETRY_S
    if not isinstance(fault, OperationalError | InterfaceError):
        return None
    said = str(fault)
    if any(words in said for words in OURS):
        return None
    if "locked" in said:
        return "busy", "the database is busy; try again in a second", BUSY_S
    if "full" in said or "No space" in said:
        return "disk_full", "the disk of the database is full; nothing was changed", RETRY_S
    return "unavailable", "the database is not to be reached; nothing was changed", RETRY_S


def answer_away(request: HttpRequest, fault: BaseException | None) -> HttpResponse | None:
    """503 as problem+json for programs and as a page for people, which asks nothing of the database; None: not so."""
    why = why_away(fault)
    if why is None:
        return None
    code, words, retry_s = why
    _log.error("%s at %s: %s", code, request.path, type(fault).__name__)
    accepts = str(request.headers.get("Accept", ""))
    if request.path.startswith("/api/") or accepts.startswith("application/json"):
        response = problem_response(503, code, words, instance=request.path)
    else:
        response = HttpResponse(render_to_string("base/away.html"), status=503)
    response.headers["Retry-After"] = str(retry_s)
    return response
