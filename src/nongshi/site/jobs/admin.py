"""Administration of field jobs."""

from django.contrib import admin

from nongshi.site.jobs.models import FieldJob


@admin.register(FieldJob)
class FieldJobAdmin(admin.ModelAdmin):
    """Field jobs of all organisations."""

    list_display = ("ref", "org", "field", "operation", "area_ha", "due", "status", "generated")
    list_filter = ("status", "operation", "org", "generated")
    search_fields = ("ref", "field__name")
    autocomplete_fields = ("org", "field", "grower", "after", "posted_by")
    list_select_related = ("org", "field")
    date_hierarchy = "due"
