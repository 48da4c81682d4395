"""Addresses of the farmer's pages."""

from django.urls import path

from nongshi.site.farmer import views

app_name = "farmer"
urlpatterns = [
    path("", views.home, name="home"),
    path("field/", views.new_field, name="new_field"),
    path("quote", views.quote, name="quote"),
    path("fields.geojson", views.shapes, name="shapes"),
    path("news/read", views.read, name="read"),
    path("job/<int:job_id>/", views.job, name="job"),
    path("job/<int:job_id>/price", views.ask_price, name="ask_price"),
    path("job/<int:job_id>/book", views.book, name="book"),
    path("job/<int:job_id>/wait", views.wait, name="wait"),
    path("job/<int:job_id>/missed", views.missed, name="missed"),
    path("job/<int:job_id>/cancel", views.cancel, name="cancel"),
    path("job/<int:job_id>/confirm", views.confirm, name="confirm"),
    path("job/<int:job_id>/dispute", views.dispute, name="dispute"),
    path("job/<int:job_id>/picture.svg", views.picture, name="picture"),
]
