"""A log of acts shows every way of tampering: flipped, dropped, moved, inserted, cut, made anew."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nongshi.core.errors import BadInput
from nongshi.files.audit_log import FORMAT, Act, Head, chained, read_heads, verify_file, walk, write_audit


def chain(count: int, about: str = "order") -> list[Act]:
    acts, before = [], FORMAT
    for seq in range(1, count + 1):
        act = Act(seq=seq, id=100 + seq, at=f"2026-11-{seq:02}T00:00:00+00:00", org=1, by=None if seq % 3 else 7,
                  name="OrderMoved", about=f"{about}:{seq}", data={"to": "booked", "n": seq})  # fmt: skip
        acts.append(chained(before, act))
        before = acts[-1].hash
    return acts


def head_of(acts: list[Act]) -> Head:
    return Head(date="2026-11-27", seq=acts[-1].seq, hash=acts[-1].hash)


def flip(acts: list[Act], at: int) -> list[Act]:
    return [replace(act, data={**act.data, "n": -1}) if i == at else act for i, act in enumerate(acts)]


def flip_and_hash(acts: list[Act], at: int) -> list[Act]:
    """Whoever changes an act and its own hash is betrayed by the next one."""
    before = acts[at - 1].hash if at else FORMAT
    return [chained(before, replace(act, by=99)) if i == at else act for i, act in enumerate(acts)]


def drop(acts: list[Act], at: int) -> list[Act]:
    return acts[:at] + acts[at + 1 :]


def drop_and_count(acts: list[Act], at: int) -> list[Act]:
    return acts[:at] + [replace(act, seq=act.seq - 1) for act in acts[at + 1 :]]


def swap(acts: list[Act], at: int) -> list[Act]:
    return [*acts[:at], acts[at + 1], acts[at], *acts[at + 2 :]]


def swap_and_count(acts: list[Act], at: int) -> list[Act]:
    one, other = acts[at], acts[at + 1]
    return [*acts[:at], replace(other, seq=one.seq), replace(one, seq=other.seq), *acts[at + 2 :]]


def double(acts: list[Act], at: int) -> list[Act]:
    return [*acts[: at + 1], acts[at], *acts[at + 1 :]]


def cut(acts: list[Act], at: int) -> list[Act]:
    return acts[: at + 1]


def make_anew(acts: list[Act], at: int) -> list[Act]:
    return chain(len(acts), about="order" if at < 0 else "other")


WAYS = [flip, flip_and_hash, drop, drop_and_count, swap, swap_and_count, double, cut, make_anew]


def test_a_whole_log_is_whole() -> None:
    acts = chain(12)
    found = walk(acts, [head_of(acts[:5]), head_of(acts)])
    assert (found.found, found.acts, found.heads, found.last) == (0, 12, 2, acts[-1].hash)


@pytest.mark.parametrize("way", WAYS)
@given(at=st.integers(0, 9))
def test_tampering_is_found_wherever_it_strikes(way: Callable[[list[Act], int], list[Act]], at: int) -> None:
    acts = chain(12)
    assert walk(way(acts, at), [head_of(acts)]).found > 0


@pytest.mark.parametrize("way", [one for one in WAYS if one is not make_anew])
def test_a_file_alone_shows_it_too(way: Callable[[list[Act], int], list[Act]], tmp_path: Path) -> None:
    acts, path = chain(12), tmp_path / "log.jsonl"
    assert write_audit(path, acts) == 12
    assert verify_file(path).found == 0
    lines = path.read_text().splitlines()
    write_audit(tmp_path / "other.jsonl", way(acts, 4))
    body = (tmp_path / "other.jsonl").read_text().splitlines()[1:-1]
    path.write_text("\n".join([lines[0], *body, lines[-1]]))
    assert verify_file(path).found > 0


def test_a_fault_names_the_act(tmp_path: Path) -> None:
    found = walk(flip(chain(12), 4))
    assert found.faults is not None
    assert "act 5 (OrderMoved order:5" in found.faults[0]
    assert found.found == 1  # what follows still fits the hash that stands there


def test_a_file_that_was_cut_lacks_its_last_line(tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    write_audit(path, chain(5))
    path.write_text("\n".join(path.read_text().splitlines()[:-2]))
    assert "cut" in (verify_file(path).faults or [""])[0]


@pytest.mark.parametrize(
    "text", ["", "no json", "[]", '{"format": "other"}', '{"format": "nongshi-audit/1"}\n{"seq": 1}']
)
def test_what_is_no_log_is_refused_with_its_line(text: str, tmp_path: Path) -> None:
    path = tmp_path / "log.jsonl"
    path.write_text(text)
    if not text:
        assert verify_file(path).found == 1
        return
    with pytest.raises(BadInput, match=r"line \d|first line"):
        verify_file(path)


def test_heads_that_are_none_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "heads.jsonl"
    path.write_text(json.dumps({"date": "2026-11-27", "seq": "1", "hash": "x"}))
    with pytest.raises(BadInput, match="line 1"):
        read_heads(path)
