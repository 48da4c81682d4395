"""What an auditor's eyes reach: the roles of an auditor only, whatever else the person is elsewhere."""

from nongshi.site.base.rights import RoleKind
from nongshi.site.base.scope import Scope


def audit_scope(scope: Scope) -> Scope:
    """The scope without the person's other roles, so that no list mixes two reaches."""
    held = tuple(role for role in scope.held if role.kind == RoleKind.AUDITOR)
    return Scope(person_id=scope.person_id, held=held, token_rights=scope.token_rights)
