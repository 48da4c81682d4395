"""Faults that only a site can have."""

from nongshi.core.errors import NongshiError


class Forbidden(NongshiError):
    """The row is in sight, but not to be changed; or the API key does not carry the right."""

    code = "forbidden"


class Outdated(NongshiError):
    """Somebody else changed it in the meantime; nothing was overwritten."""

    code = "outdated"

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} was changed by somebody else in the meantime; look at it again, then repeat")


class TooMany(NongshiError):
    """More requests than are answered in this time."""

    code = "too_many"

    def __init__(self, retry_s: int) -> None:
        self.retry_s = retry_s
        super().__init__(f"too many requests; try again in {retry_s} s")


class InFlight(NongshiError):
    """The same request is being answered just now."""

    code = "in_flight"

    def __init__(self) -> None:
        super().__init__("a request with this key is being answered; repeat it in a second")
