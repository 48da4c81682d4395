"""Administration of long work: to look at."""

from django.contrib import admin

from nongshi.site.base.admin import ReadOnlyAdmin
from nongshi.site.work.models import Run


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    """Runs and how they ended."""

    list_display = ("kind", "org", "state", "share", "by", "created", "ended")
    list_filter = ("state", "kind")
    list_select_related = ("org", "by")
