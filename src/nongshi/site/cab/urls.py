"""Addresses of the operator's pages."""

from django.urls import path

from nongshi.site.cab import views

app_name = "cab"
urlpatterns = [path("", views.today, name="today")]
