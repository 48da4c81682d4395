"""Client: the site's API for Python programs, typed, made from its OpenAPI document.

Nouns: Client, ApiError; rows as typed dicts (`models`). Entry: `Client(url, key)`, one method for each operation.
A request whose answer was lost is sent again under the same Idempotency-Key, one that came too often after the pause
that the site names. Must not know: the site, its database or any room; only what the document says.
"""

from nongshi.client.transport import ApiError, Client

__all__ = ["ApiError", "Client"]
