"""Addresses of the trainee's pages."""

from django.urls import path

from nongshi.site.trainee import views

app_name = "trainee"
urlpatterns = [
    path("", views.home, name="home"),
    path("courses/<int:pk>/wish/", views.wish, name="wish"),
    path("wishes/<int:pk>/back/", views.back, name="back"),
    path("work/<int:pk>/yes/", views.say_yes, name="yes"),
    path("work/answers/<int:pk>/back/", views.take_back, name="take_back"),
]
