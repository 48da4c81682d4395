"""Messages that the platform sends to a terminal, fences apart (:mod:`nongshi.tracks.jt808.fences`)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from nongshi.core.errors import BadInput
from nongshi.tracks.jt808.fields import Clock, Listed, Number, Only, Text
from nongshi.tracks.jt808.header import Version
from nongshi.tracks.jt808.terminal import Parameter

U8, U16, U32 = Number(1), Number(2), Number(4)
URGENT, SHOW, SPEAK, ON_SIGN = 1, 4, 8, 16  # bits of the flag of a text to the driver


@dataclass(frozen=True, slots=True)
class PlatformReply:
    """0x8001: the platform's answer; what is not answered comes again. 0 done, 1 failed, 2 wrong, 3 unknown."""

    answered_serial: Annotated[int, U16]
    answered_id: Annotated[int, U16]
    result: Annotated[int, U8] = 0  # 4: an alarm was seen


@dataclass(frozen=True, slots=True)
class PartsMissing:
    """0x8003: parts of a long message that have not come; the terminal sends them again."""

    first_serial: Annotated[int, U16]
    numbers: Annotated[tuple[int, ...], Listed(U16, count=1, count_2019=2)]


@dataclass(frozen=True, slots=True)
class TimeAnswer:
    """0x8004 (2019): the time, UTC."""

    at_utc: Annotated[datetime | None, Clock()]


@dataclass(frozen=True, slots=True)
class RegisterReply:
    """0x8100: 0 registered (with a token for 0x0102), 1 vehicle known, 2 no such vehicle, 3 terminal known, 4 none."""

    answered_serial: Annotated[int, U16]
    result: Annotated[int, U8]
    token: Annotated[str, Text()] = ""


@dataclass(frozen=True, slots=True)
class SetParameters:
    """0x8103: settings of a terminal, for example 0x0029: seconds between reports."""

    parameters: Annotated[tuple[Parameter, ...], Listed(Parameter)]


@dataclass(frozen=True, slots=True)
class QueryAllParameters:
    """0x8104: send all settings."""


@dataclass(frozen=True, slots=True)
class Control:
    """0x8105: a command to the terminal: 3 switch off, 4 restart, 5 factory settings, ...; some have a text."""

    command: Annotated[int, U8]
    parameters: Annotated[str, Text()] = ""


@dataclass(frozen=True, slots=True)
class QueryParameters:
    """0x8106: send these settings."""

    parameter_ids: Annotated[tuple[int, ...], Listed(U32)]


@dataclass(frozen=True, slots=True)
class QueryAttributes:
    """0x8107: what kind of terminal are you?"""


@dataclass(frozen=True, slots=True)
class TimeSyncAnswer:
    """0x8109: the time, UTC, to the family of terminals that asks by 0x0109."""

    year: Annotated[int, U16]
    month: Annotated[int, U8]
    day: Annotated[int, U8]
    hour: Annotated[int, U8]
    minute: Annotated[int, U8]
    second: Annotated[int, U8]
    result: Annotated[int, U8] = 0

    @classmethod
    def of(cls, at_utc: datetime) -> "TimeSyncAnswer":
        """The answer for a moment, which comes in as a value."""
        return cls(at_utc.year, at_utc.month, at_utc.day, at_utc.hour, at_utc.minute, at_utc.second)


@dataclass(frozen=True, slots=True)
class QueryPosition:
    """0x8201: where are you? Answered by 0x0201."""


@dataclass(frozen=True, slots=True)
class TrackTemporarily:
    """0x8202: report every so many seconds for a while; 0 stops it, then `valid_s` may be left out."""

    every_s: Annotated[int, U16]
    valid_s: Annotated[int | None, Only(U32, if_left=True)] = None


@dataclass(frozen=True, slots=True)
class ConfirmAlarm:
    """0x8203: a person has seen the alarm; its bits name which."""

    alarm_serial: Annotated[int, U16]  # 0: all of these kinds
    kinds: Annotated[int, U32]


@dataclass(frozen=True, slots=True)
class TextToDriver:
    """0x8300: a text into the cab, a work order for example. In 2019 `kind` says 1 notice, 2 service."""

    flag: Annotated[int, U8]
    kind: Annotated[int | None, Only(U8, since=Version.V2019)]
    text: Annotated[str, Text()]

    def __post_init__(self) -> None:
        """Refuse a text that no terminal shows: the standard allows 1024 bytes."""
        if len(self.text.encode("gb18030", "surrogateescape")) > 1024:
            raise BadInput("a text to the driver has 1024 bytes at most, two for each Chinese character")


@dataclass(frozen=True, slots=True)
class PassThroughDown:
    """0x8900: bytes for something beside the terminal; `kind` says for what."""

    kind: Annotated[int, U8]
    content: Annotated[bytes, Text(raw=True)]
