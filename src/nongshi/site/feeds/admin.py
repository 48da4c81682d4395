"""Administration of what is sent out: to look at."""

from django.contrib import admin

from nongshi.site.base.admin import ReadOnlyAdmin
from nongshi.site.feeds.models import CalendarFeed, Delivery, Sending, Webhook


@admin.register(CalendarFeed)
class CalendarFeedAdmin(ReadOnlyAdmin):
    """Calendars; their addresses nobody knows any more."""

    list_display = ("kind", "person", "machine", "org", "expires", "revoked", "used")
    list_filter = ("kind",)
    list_select_related = ("person", "machine", "org")
    exclude = ("digest",)


@admin.register(Webhook)
class WebhookAdmin(ReadOnlyAdmin):
    """Webhooks, without their secrets."""

    list_display = ("name", "org", "url", "active", "gone")
    list_filter = ("active",)
    list_select_related = ("org",)


@admin.register(Delivery)
class DeliveryAdmin(ReadOnlyAdmin):
    """What was sent, and how often it was tried."""

    list_display = ("kind", "webhook", "state", "tries", "status", "next_try", "created")
    list_filter = ("state",)
    list_select_related = ("webhook",)


@admin.register(Sending)
class SendingAdmin(ReadOnlyAdmin):
    """Notices that did not reach anybody at the first try."""

    list_display = ("notice_id", "tries", "dead", "next_try", "error")
    list_filter = ("dead",)
