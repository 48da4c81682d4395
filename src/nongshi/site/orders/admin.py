"""Administration of orders: everything can only be read."""

from django.contrib import admin

from nongshi.site.base.admin import ReadOnlyAdmin
from nongshi.site.orders.models import OrderMove, OrderRow, Place, Settlement, Waiting


@admin.register(OrderRow)
class OrderAdmin(ReadOnlyAdmin):
    """Orders."""

    list_display = ("pk", "job", "state", "start", "machine", "price_fen", "org")
    list_filter = ("state",)
    list_select_related = ("job", "machine", "org")


@admin.register(OrderMove)
class MoveAdmin(ReadOnlyAdmin):
    """Moves of orders."""

    list_display = ("at", "order_id", "act", "side", "start", "to")
    list_filter = ("act",)


@admin.register(Place)
class PlaceAdmin(ReadOnlyAdmin):
    """Places that orders hold."""

    list_display = ("machine", "operator", "start", "end", "held_until", "order_id")
    list_select_related = ("machine", "operator__person")


@admin.register(Waiting)
class WaitingAdmin(ReadOnlyAdmin):
    """Who waits."""

    list_display = ("order_id", "created", "offered_at")


@admin.register(Settlement)
class SettlementAdmin(ReadOnlyAdmin):
    """Settled orders."""

    list_display = ("order_id", "total_fen", "created", "org")
    list_select_related = ("org",)
