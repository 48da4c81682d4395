"""Which addresses we post to: never into our own network, unless the settings name the host.

A name is resolved once and the request goes to the address that was looked at, so that a name that answers otherwise
the second time changes nothing.
"""

import socket
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from nongshi.core.errors import BadInput

NAT64 = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))  # RFC 6052, 8215: carry an IPv4 address
URL_MAX = 300
Resolve = Callable[[str, int], Iterable[str]]


class Unsafe(BadInput):
    """An address that nothing is posted to."""

    code = "unsafe_address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where a request goes: the address that was looked at, and the name that certificate and Host must say."""

    scheme: str
    host: str
    port: int
    ip: str
    path: str

    @property
    def pinned(self) -> str:
        """The URL with the address in place of the name."""
        ip = f"[{self.ip}]" if ":" in self.ip else self.ip
        return f"{self.scheme}://{ip}:{self.port}{self.path}"

    @property
    def host_header(self) -> str:
        """The name, with the port where it is not the usual one."""
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == {"http": 80, "https": 443}[self.scheme] else f"{name}:{self.port}"


def check_url(url: str) -> None:
    """Refuse what can be seen to be wrong without asking anybody.

    Raises:
        Unsafe: not https, or with a password, or too long.
    """
    parts = _split(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (parts.scheme == "http" and _is_named(host)):
        raise Unsafe(f"{url}: only https goes out; use https, or have the host named in NONGSHI_WEBHOOK_HOSTS")
    if parts.username or parts.password:
        raise Unsafe(f"{parts.scheme}://{host}: leave name and password out of the address; we sign what we send")
    if not host or len(url) > URL_MAX:
        raise Unsafe(f"{url[:80]}: an address of at most {URL_MAX} letters with a host is wanted")
    address = _as_ip(host)
    if address is not None and not _is_named(host) and not is_public(address):
        raise Unsafe(f"{host}: that is an address of a private network; give one that the internet reaches")


def find_target(url: str, resolve: Resolve | None = None) -> Target:
    """The target of a URL, looked up now.

    Raises:
        Unsafe: one of the host's addresses lies in a private network, or it has none.
    """
    check_url(url)
    parts = _split(url)
    host, port = parts.hostname or "", parts.port or {"http": 80, "https": 443}[parts.scheme]
    try:
        found = sorted(set((resolve or _resolve)(host, port)))
    except OSError as error:
        raise Unsafe(f"{host}: no address is known for this name ({error})") from error
    if not found:
        raise Unsafe(f"{host}: no address is known for this name")
    if not _is_named(host):
        for text in found:
            if not is_public(ip_address(text)):
                raise Unsafe(
                    f"{host} leads to {text}, into a private network; give an address that the internet reaches"
                )
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(scheme=parts.scheme, host=host, port=port, ip=found[0], path=path)


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address belongs to the internet at large.

    >>> is_public(ip_address("169.254.169.254")), is_public(ip_address("::ffff:10.0.0.1"))
    (False, False)
    """
    if isinstance(address, IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
        if inner is None and any(address in net for net in NAT64):
            inner = IPv4Address(int(address) & 0xFFFFFFFF)
        if inner:
            return is_public(inner)
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url.strip())
        parts.port  # noqa: B018  a port that is no number is noticed here
    except ValueError as error:
        raise Unsafe(f"{url[:80]}: that is no address ({error})") from error
    return parts


def _as_ip(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _is_named(host: str) -> bool:
    return host.lower() in {name.lower() for name in settings.WEBHOOK_HOSTS}


def _resolve(host: str, port: int) -> list[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
