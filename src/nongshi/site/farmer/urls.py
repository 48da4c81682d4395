"""Addresses of the farmer's pages."""

from django.urls import path

from nongshi.site.farmer import views

app_name = "farmer"
urlpatterns = [path("", views.home, name="home")]
