"""Fields that stand in the database encrypted, bound to their row, so that a value moved elsewhere cannot be read."""

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from nongshi.core.errors import BadInput

NONCE_BYTES = 12


def encrypt(text: str, *, bound_to: str) -> str:
    """AES-256-GCM, as text; `bound_to` (table, column, row) must be the same to read it again."""
    nonce = os.urandom(NONCE_BYTES)
    sealed = AESGCM(_key()).encrypt(nonce, text.encode(), bound_to.encode())
    return base64.b64encode(nonce + sealed).decode("ascii")


def decrypt(sealed: str, *, bound_to: str) -> str:
    """The text that was encrypted.

    Raises:
        BadInput: another key, another row, or a changed value.
    """
    raw = base64.b64decode(sealed)
    try:
        return AESGCM(_key()).decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], bound_to.encode()).decode()
    except InvalidTag as error:
        raise BadInput(f"the encrypted value of {bound_to} cannot be read: key or row is another") from error


def masked(text: str, *, head: int = 3, tail: int = 2) -> str:
    """What a screen may show.

    >>> masked("310116197001011234")
    '310*************34'
    """
    hidden = max(0, len(text) - head - tail)
    return text[:head] + "*" * hidden + (text[-tail:] if hidden else "")


def digest(text: str) -> str:
    """A keyed digest to look a value up by, without keeping it."""
    return hashlib.blake2b(text.encode(), key=_key(), digest_size=20).hexdigest()


def _key() -> bytes:
    return hashlib.sha256(settings.FIELD_KEY.encode()).digest()
