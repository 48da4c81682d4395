"""A form that is sent twice counts once: its key is kept with what came of it."""

import hashlib
from collections.abc import Callable, Sequence

from django.db import transaction

from nongshi.core.errors import BadUsage
from nongshi.site.base.models import Answered
from nongshi.site.jobs.models import FieldJob

KEY_MAX = 60


def post_once(person_id: int | None, key: str, said: str, post: Callable[[], Sequence[FieldJob]]) -> list[int]:
    """Ids of the jobs that `post` makes, or made when this key was sent before.

    Raises:
        BadUsage: the key is missing, or was sent before with something else.
    """
    if not 8 <= len(key) <= KEY_MAX:
        raise BadUsage("the form has lost its key; open the page again and send once more")
    digest = hashlib.sha256(said.encode()).hexdigest()
    with transaction.atomic():
        kept, new = Answered.objects.get_or_create(
            person_id=person_id, key=f"form:{key}", defaults={"request_digest": digest}
        )
        if not new:
            if kept.request_digest != digest:
                raise BadUsage("this form was sent already with other words; open the page again for another job")
            return [int(part) for part in bytes(kept.body or b"").decode().split(",") if part]
        ids = [job.pk for job in post()]
        kept.body, kept.status = ",".join(map(str, ids)).encode(), 201
        kept.save(update_fields=["body", "status"])
    return ids
