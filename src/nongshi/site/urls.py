"""Every page and the API by its address. A desk's addresses are its own: `APP/urls.py`, taken in where the app is."""

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path

PLACES = {  # app -> where its pages stand
    "farmer": "farmer/",
    "clerk": "clerk/",
    "board": "board/",
    "cab": "cab/",
    "owner": "owner/",
    "register": "register/",
    "people": "people/",
    "seasons": "seasons/",
    "officer": "officer/",
    "auditor": "auditor/",
    "forecasts": "ahead/",
    "training": "training/",
    "trainee": "trainee/",
    "orders": "orders/",
    "money": "money/",
    "work": "work/",
    "api": "api/",
    "feeds": "feeds/",
}
urlpatterns = [
    path("", include("nongshi.site.base.urls")),
    path("admin/", admin.site.urls),
    path("accounts/", include("allauth.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    *(
        path(place, include(f"nongshi.site.{app}.urls"))
        for app, place in PLACES.items()
        if find_spec(f"nongshi.site.{app}") and find_spec(f"nongshi.site.{app}.urls")
    ),
]
handler400 = "nongshi.site.base.views.bad_request"
handler403 = "nongshi.site.base.views.forbidden"
handler404 = "nongshi.site.base.views.not_found"
handler500 = "nongshi.site.base.views.broken"
