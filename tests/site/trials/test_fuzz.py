"""Every importer reads rubbish or refuses it by name: a few seeded rounds of what `nongshi bench importers` does."""

from pathlib import Path

import pytest

from nongshi.core.errors import BadInput
from nongshi.site.trials.fuzz import Importer, attack, importers

ROUNDS = 25


def test_every_importer_refuses_rubbish_by_name(tmp_path: Path) -> None:
    found = importers(tmp_path, 1)
    assert len(found) > 30
    for name, importer in found.items():
        counts = attack(name, importer, rounds=ROUNDS, seed=2)
        assert sum(counts.values()) == ROUNDS


def test_an_importer_that_falls_over_is_found() -> None:
    def falls(data: bytes) -> None:
        if not data:
            raise BadInput("empty")
        data.decode("ascii")

    with pytest.raises(UnicodeDecodeError) as fault:
        attack("weak", Importer([b"sound"], falls), rounds=2000, seed=1)
    assert "importer weak, seed 1" in fault.value.__notes__[0]
