"""What stands as it stands now: told once to whoever begins to read, and to all when it changes.

An app that lies above this one adds a topic: `TOPICS["machines"] = Topic(read_machines, every_s=5.0, asked=True)`.
"""

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils import timezone

from nongshi.site.base.scope import Scope


class State(Protocol):
    """One row of a topic; two that are equal are told once."""

    @property
    def key(self) -> Hashable:
        """What it is about."""

    def seen_by(self, scope: Scope) -> bool:
        """Whether a reader may know."""

    def said(self) -> dict[str, Any]:
        """What a reader is told."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Where states of one kind come from."""

    read: Callable[[frozenset[int]], Iterable[State]]  # given the people who read; in a thread of its own
    every_s: float = 0.0  # no more often than this
    asked: bool = False  # only for readers who ask for it (`?with=NAME`)


TOPICS: dict[str, Topic] = {}


@dataclass(frozen=True, slots=True)
class Changed:
    """States of a topic that are new or different."""

    topic: str
    states: tuple[State, ...]

    def said(self, scope: Scope) -> dict[str, Any] | None:
        """What of it a reader is told, with the time here: clocks of phones go wrong."""
        rows = [state.said() for state in self.states if state.seen_by(scope)]
        return {"now": timezone.now().isoformat(), "rows": rows} if rows else None


class Known:
    """The states of every topic that somebody reads."""

    def __init__(self) -> None:
        self._of: dict[str, dict[Hashable, State]] = {}
        self._read_s: dict[str, float] = {}

    def begin(self, topics: Iterable[str]) -> list[Changed]:
        """All that is known of these topics, for somebody who begins to read."""
        return [Changed(name, tuple(self._of[name].values())) for name in topics if self._of.get(name)]

    def due(self, wanted: Iterable[str], now_s: float) -> list[str]:
        """Topics to be read now; what nobody wants is forgotten, because it grows old."""
        for name in set(self._of) - set(wanted):
            del self._of[name]
        return [
            name for name in wanted
            if name not in self._of or now_s - self._read_s.get(name, 0.0) >= TOPICS[name].every_s
        ]  # fmt: skip

    def take(self, name: str, found: Iterable[State], now_s: float) -> Changed | None:
        """Keep what was read; what of it is news."""
        was, self._of[name] = self._of.get(name, {}), {state.key: state for state in found}
        self._read_s[name] = now_s
        news = tuple(state for key, state in self._of[name].items() if was.get(key) != state)
        return Changed(name, news) if news else None


def topics_of(asked: Iterable[str]) -> Mapping[str, Topic]:
    """The topics of a reader: those for everybody, and those asked for."""
    wanted = set(asked)
    return {name: topic for name, topic in TOPICS.items() if not topic.asked or name in wanted}
