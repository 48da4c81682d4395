"""A process killed (SIGKILL) while it takes a list over leaves nothing; the same file is then taken over whole."""

import os
import signal
from pathlib import Path
from typing import Any

import pytest
from tests.site.orders import processes
from tests.site.world import make_coop, make_person

from nongshi.site.base.models import Event, Person
from nongshi.site.base.rights import RoleKind
from nongshi.site.base.services import scope_of
from nongshi.site.register import drafts
from nongshi.site.register.models import Draft, Field

ROWS = 1_200  # more than one batch


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_leaves_all_or_nothing(tmp_path: Path) -> None:
    org = make_coop()
    scope = scope_of(make_person(org, RoleKind.DISPATCHER))
    rows = "".join(f"K{n},地{n},10,121.1,30.8,新人{n}\n" for n in range(ROWS))
    data = f"编号,名称,面积,田口经度,田口纬度,种植户\n{rows}".encode()
    draft = drafts.keep_draft(scope, "fields", org.pk, "k.csv", data)
    agreed, written = f"{ROWS}-0-0", []

    def killed_behind(share_max: float) -> Any:
        def work(_number: int, pipe: Any) -> None:
            def step(share: float, _words: str) -> None:
                if share >= share_max:
                    pipe.send(Field.objects.filter(org_id=org.pk).count())  # what stands in the open transaction
                    os.kill(os.getpid(), signal.SIGKILL)

            drafts.take_draft(Draft.objects.get(pk=draft.pk), agreed, scope, step)

        return work

    with processes.shared_database(tmp_path):
        for share in (0.5, 0.9):  # while it is read; between two batches of rows
            ((process, pipe),) = processes.start(killed_behind(share), 1)
            written += processes.received(pipe)
            process.join()
            assert process.exitcode == -signal.SIGKILL
            assert not Field.objects.filter(org=org).exists()
            assert not Person.objects.filter(org=org, name__startswith="新人").exists()
            assert Draft.objects.get(pk=draft.pk).taken is None
        assert written == [0, 1_000]
        counts = drafts.take_draft(Draft.objects.get(pk=draft.pk), agreed, scope, lambda _share, _words: None)
        assert counts["new"] == ROWS
        assert Field.objects.filter(org=org).count() == ROWS
        assert Event.objects.filter(name="ListTakenOver").count() == 1
