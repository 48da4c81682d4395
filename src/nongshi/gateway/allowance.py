"""How fast a terminal may send: its own, over all its connections, so that connecting anew gains nothing."""

from dataclasses import dataclass

from nongshi.gateway.settings import GatewaySettings


@dataclass(slots=True)
class Allowance:
    """Fixes that a terminal may still send now."""

    left: float
    at_s: float

    def refill(self, now_s: float, settings: GatewaySettings) -> None:
        """Give back what time brings."""
        gained = (now_s - self.at_s) * settings.fixes_s_max
        self.left, self.at_s = min(settings.fixes_burst, self.left + gained), now_s
