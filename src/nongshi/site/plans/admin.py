"""Administration of seasons; plans, orders, reports and notices can only be read."""

from django.contrib import admin

from nongshi.site.base.admin import ReadOnlyAdmin
from nongshi.site.plans.models import Notice, PlanRow, Report, Season, SeasonMember, WorkOrder


class MemberInline(admin.TabularInline):
    """Who plans together."""

    model = SeasonMember
    extra = 0
    autocomplete_fields = ("org", "agreed_by")


@admin.register(Season)
class SeasonAdmin(admin.ModelAdmin):
    """Seasons and their members."""

    list_display = ("name", "org", "start_date", "horizon_days", "generated")
    search_fields = ("name",)
    autocomplete_fields = ("org",)
    inlines = (MemberInline,)


@admin.register(PlanRow)
class PlanAdmin(ReadOnlyAdmin):
    """Plans by their figures."""

    list_display = ("season", "number", "state", "jobs_served", "jobs_unserved", "published_at")
    list_filter = ("state",)
    exclude = ("packed", "undo", "redo")
    list_select_related = ("season",)


@admin.register(WorkOrder)
class WorkOrderAdmin(ReadOnlyAdmin):
    """Work orders."""

    list_display = ("job", "machine", "operator", "start", "end", "state")
    list_filter = ("state",)
    date_hierarchy = "start"
    list_select_related = ("job", "machine", "operator__person")


@admin.register(Report)
class ReportAdmin(ReadOnlyAdmin):
    """What phones reported."""

    list_display = ("at", "kind", "order", "by", "received")
    list_filter = ("kind",)
    list_select_related = ("order__job", "order__machine", "by")


@admin.register(Notice)
class NoticeAdmin(ReadOnlyAdmin):
    """What people were told."""

    list_display = ("created", "person", "about", "sender", "sent_at", "read_at")
    list_select_related = ("person",)
