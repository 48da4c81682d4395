"""Who asks: somebody signed in, or a program with a key of theirs."""

from django.http import HttpRequest

from nongshi.core.errors import NongshiError
from nongshi.site.base.faults import Forbidden
from nongshi.site.base.scope import Scope
from nongshi.site.base.services import find_token, scope_of

RIGHT = "read"


class Unknown(NongshiError):
    """Nobody known asks; answered with 401."""

    code = "unauthorized"


def scope_asked(request: HttpRequest) -> Scope:
    """The scope of the key that came along, else of the session.

    Raises:
        Unknown: neither, or a key that opens nothing any more.
        Forbidden: a key without the right to read.
    """
    said = str(request.headers.get("Authorization", ""))
    if said:
        way, _, secret = said.partition(" ")
        token = find_token(secret.strip()) if way.lower() == "bearer" else None
        if token is None:
            raise Unknown("this key opens nothing; make one under Sessions, links and keys")
        scope = scope_of(token.person, rights=token.rights)
        if RIGHT not in (scope.token_rights or ()):
            raise Forbidden(f"the key does not carry the right {RIGHT}; make one that does")
        return scope
    if not request.scope.held:
        raise Unknown("sign in, or send a key with the right read: Authorization: Bearer nst_...")
    return Scope(person_id=request.scope.person_id, held=request.scope.held)
