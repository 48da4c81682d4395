"""Nothing is posted into our own network, whatever name or address is given."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from nongshi.site.feeds import posting
from nongshi.site.feeds.guard import Unsafe, check_url, find_target
from nongshi.site.feeds.signing import new_secret

PUBLIC = "93.184.216.34"
PRIVATE = [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
    "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "fec0::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:192.168.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1", "2002:7f00:1::",
]  # fmt: skip


@pytest.mark.parametrize("ip", PRIVATE)
def test_a_name_that_leads_into_a_private_network_is_refused(ip: str) -> None:
    with pytest.raises(Unsafe, match="private network"):
        find_target("https://example.org/hook", lambda host, port: [PUBLIC, ip])


@pytest.mark.parametrize("ip", PRIVATE)
def test_a_private_address_is_refused_at_once(ip: str) -> None:
    host = f"[{ip}]" if ":" in ip else ip
    with pytest.raises(Unsafe):
        check_url(f"https://{host}/hook")


@pytest.mark.parametrize(
    "url",
    [
        "http://example.org/", "ftp://example.org/", "file:///etc/passwd", "https://", "https:///x", "example.org",
        "https://user:pw@example.org/", "https://example.org:port/", "https://example.org/" + "a" * 300, "https://[::1",
    ],
)  # fmt: skip
def test_only_plain_https_addresses_go(url: str) -> None:
    with pytest.raises(Unsafe):
        check_url(url)


@pytest.mark.parametrize("host", ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "localhost", "localhost."])
def test_other_ways_to_write_this_machine_are_refused_when_looked_up(host: str) -> None:
    with pytest.raises(Unsafe):
        find_target(f"https://{host}/hook")


def test_the_request_goes_to_the_address_that_was_looked_at() -> None:
    asked = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append((host, port))
        return [PUBLIC]

    target = find_target("https://example.org:8443/a/b?c=d", resolve)
    assert asked == [("example.org", 8443)]
    assert target.pinned == f"https://{PUBLIC}:8443/a/b?c=d"
    assert (target.host_header, target.host) == ("example.org:8443", "example.org")
    assert find_target("https://example.org", lambda h, p: ["2606:2800::1"]).pinned == "https://[2606:2800::1]:443/"


def test_a_name_without_an_address_is_told() -> None:
    def resolve(host: str, port: int) -> list[str]:
        raise OSError("unknown")

    with pytest.raises(Unsafe, match="no address"):
        find_target("https://nowhere.invalid/", resolve)
    answer = posting.post("https://nowhere.invalid/", new_secret(), "msg_1", b"{}", resolve)
    assert (answer.ok, answer.status) == (False, None)
    assert "no address" in answer.error


def test_a_host_of_our_own_goes_where_the_settings_name_it(settings: Any) -> None:
    settings.WEBHOOK_HOSTS = ["Erp.local"]
    assert find_target("http://erp.LOCAL:81/x", lambda h, p: ["10.0.0.7"]).pinned == "http://10.0.0.7:81/x"
    with pytest.raises(Unsafe):
        find_target("http://other.local/x", lambda h, p: ["10.0.0.7"])


def test_over_tls_the_certificate_must_be_the_names_though_the_number_is_dialled(settings: Any, tmp_path: Path) -> None:
    settings.WEBHOOK_HOSTS = ["erp.example"]
    wanted: list[str | None] = []
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_own_certificate(tmp_path, "erp.example"))
    context.sni_callback = lambda _socket, name, _context: wanted.append(name)
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = Thread(target=_shake_hands, args=(server, context))
        thread.start()
        url = f"https://erp.example:{server.getsockname()[1]}/hook"
        answer = posting.post(url, new_secret(), "msg_1", b"{}", lambda host, port: ["127.0.0.1"])
        thread.join(20)
    assert wanted == ["erp.example"]
    assert "certificate" in answer.error.lower()  # signed by nobody known: refused


def _shake_hands(server: socket.socket, context: ssl.SSLContext) -> None:
    line, _ = server.accept()
    try:
        context.wrap_socket(line, server_side=True).close()
    except OSError:  # the other side refuses, as it should
        line.close()


def _own_certificate(folder: Path, host: str) -> Path:
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - timedelta(days=1), now + timedelta(days=1)
    )
    signed = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), False).sign(key, hashes.SHA256())
    pem, plain = serialization.Encoding.PEM, serialization.NoEncryption()
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    path = folder / "own.pem"
    path.write_bytes(private + signed.public_bytes(pem))
    return path
