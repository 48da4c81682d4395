"""Administration of organisations, people, roles and ways in; what is a record of acts can only be read."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from nongshi.site.base.models import ApiToken, Event, Org, Person, Role, SignedLink, User

admin.site.site_header = admin.site.site_title = _("Nongshi administration")
admin.site.register(User, UserAdmin)


class ReadOnlyAdmin(admin.ModelAdmin):
    """Rows that nobody makes or changes by hand."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """No."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """No."""
        return False


class RoleInline(admin.TabularInline):
    """Somebody's roles."""

    model = Role
    extra = 1
    autocomplete_fields = ("org",)


@admin.register(Org)
class OrgAdmin(admin.ModelAdmin):
    """The tree."""

    list_display = ("name", "name_en", "kind", "code", "parent", "generated")
    list_filter = ("kind", "generated")
    search_fields = ("name", "name_en", "code")
    autocomplete_fields = ("parent",)


@admin.register(Person)
class PersonAdmin(admin.ModelAdmin):
    """People; an ID number shows masked."""

    list_display = ("name", "org", "phone", "language", "generated")
    list_filter = ("roles__kind", "generated")
    search_fields = ("name", "phone")
    autocomplete_fields = ("org", "user")
    readonly_fields = ("id_masked",)
    inlines = (RoleInline,)


@admin.register(Role)
class RoleAdmin(admin.ModelAdmin):
    """Who is what where."""

    list_display = ("person", "org", "kind", "since", "until")
    list_filter = ("kind",)
    search_fields = ("person__name", "org__name")
    autocomplete_fields = ("person", "org")
    list_select_related = ("person", "org")


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    """What everybody did."""

    list_display = ("at", "name", "about", "by", "org")
    list_filter = ("name",)
    search_fields = ("about",)
    date_hierarchy = "at"
    list_select_related = ("by", "org")


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    """Keys to the API; to take one back, revoke it."""

    list_display = ("name", "person", "rights", "created", "used", "expires", "revoked")
    exclude = ("digest",)
    list_select_related = ("person",)


@admin.register(SignedLink)
class SignedLinkAdmin(ReadOnlyAdmin):
    """Ways in without a password."""

    list_display = ("person", "purpose", "created", "used", "expires", "revoked")
    list_filter = ("purpose",)
    exclude = ("digest",)
    list_select_related = ("person",)
