"""Addresses of the pages of orders."""

from django.urls import path

from nongshi.site.orders import views

app_name = "orders"
urlpatterns = [
    path("", views.home, name="home"),
    path("job/<int:job_id>/begin", views.begin, name="begin"),
    path("<int:order_id>/", views.one, name="one"),
    path("<int:order_id>/sheet", views.sheet, name="sheet"),
    path("<int:order_id>/picture.svg", views.picture, name="picture"),
    path("<int:order_id>/track.json", views.track, name="track"),
    path("<int:order_id>/quote", views.quote, name="quote"),
    path("<int:order_id>/book", views.book, name="book"),
    path("<int:order_id>/wait", views.wait, name="wait"),
    path("<int:order_id>/act", views.act, name="act"),
    path("<int:order_id>/measure", views.measure, name="measure"),
    path("<int:order_id>/fuel", views.fuel, name="fuel"),
]
