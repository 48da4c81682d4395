"""Administration of the books: everything can only be read."""

from django.contrib import admin

from nongshi.site.base.admin import ReadOnlyAdmin
from nongshi.site.money.models import Account, CapRow, Entry, Payment, Posting, PriceRow


class EntryInline(admin.TabularInline):
    """Entries of a posting."""

    model = Entry
    extra = 0
    can_delete = False
    readonly_fields = ("account", "amount_fen")


@admin.register(Posting)
class PostingAdmin(ReadOnlyAdmin):
    """Postings with their entries."""

    list_display = ("at", "about", "kind", "note")
    search_fields = ("about",)
    inlines = (EntryInline,)


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    """Accounts."""

    list_display = ("pk", "kind", "person", "org")
    list_filter = ("kind",)
    list_select_related = ("person", "org")


@admin.register(Payment)
class PaymentAdmin(ReadOnlyAdmin):
    """Payments."""

    list_display = ("provider", "ref", "amount_fen", "state", "paid_at", "account")
    list_filter = ("provider", "state")


@admin.register(PriceRow)
class PriceAdmin(ReadOnlyAdmin):
    """Prices with their versions."""

    list_display = ("org", "operation", "since", "per_ha_fen", "minimum_fen")
    list_filter = ("operation",)


@admin.register(CapRow)
class CapAdmin(ReadOnlyAdmin):
    """Caps of districts."""

    list_display = ("org", "operation", "since", "per_ha_fen", "minimum_fen")
