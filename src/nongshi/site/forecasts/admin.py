"""Administration of forecasts: to look at."""

from django.contrib import admin

from nongshi.site.base.admin import ReadOnlyAdmin
from nongshi.site.forecasts.models import Forecast, SeasonFolder, WhatIf


@admin.register(Forecast)
class ForecastAdmin(ReadOnlyAdmin):
    """Forecasts by day."""

    list_display = ("region", "org", "as_of", "weeks", "source", "generated", "by")
    list_filter = ("source", "generated")
    list_select_related = ("org", "by")
    exclude = ("packed",)


@admin.register(SeasonFolder)
class SeasonFolderAdmin(ReadOnlyAdmin):
    """What they are made from."""

    list_display = ("name", "org", "generated", "created", "by")
    list_select_related = ("org", "by")
    exclude = ("data",)


@admin.register(WhatIf)
class WhatIfAdmin(ReadOnlyAdmin):
    """What was asked of them."""

    list_display = ("name", "org", "forecast", "shared", "created", "by")
    list_select_related = ("org", "by", "forecast")
