"""Signatures of what we post, as Standard Webhooks 1.0 writes them; `verify` is what a receiver runs."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping

PREFIX = "whsec_"
SECRET_BYTES = 32
TOLERANCE_S = 300  # a message older or newer than this is not taken: somebody may be repeating it


def new_secret() -> str:
    """A signing secret."""
    return PREFIX + base64.b64encode(secrets.token_bytes(SECRET_BYTES)).decode()


def signature(secret: str, message_id: str, at_s: int, body: bytes) -> str:
    """The signature over id, time and body.

    >>> secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"  # the example of Standard Webhooks
    >>> signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE='
    """
    signed = f"{message_id}.{at_s}.".encode() + body
    digest = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def headers(secret: str, message_id: str, at_s: int, body: bytes) -> dict[str, str]:
    """The headers of one try."""
    return {
        "Webhook-Id": message_id,
        "Webhook-Timestamp": str(at_s),
        "Webhook-Signature": signature(secret, message_id, at_s, body),
    }


def verify(secret: str, said: Mapping[str, str], body: bytes, now_s: float | None = None) -> bool:
    """Whether a message is ours and fresh; `said`: its headers, their names in small letters."""
    try:
        at_s = int(said["webhook-timestamp"])
        expected = signature(secret, said["webhook-id"], at_s, body)
        given = said["webhook-signature"].split()
    except (KeyError, ValueError):
        return False
    if abs((time.time() if now_s is None else now_s) - at_s) > TOLERANCE_S:
        return False
    return any(hmac.compare_digest(expected, one) for one in given)
