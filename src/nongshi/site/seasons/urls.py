"""Addresses of seasons."""

from django.urls import path

from nongshi.site.seasons import facts_views, making_views, views

app_name = "seasons"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", making_views.make, name="make"),
    path("<int:pk>/facts/", facts_views.facts, name="facts"),
    path("<int:pk>/facts/back/", facts_views.take_back, name="take_back_fact"),
    path("folder/", views.upload, name="upload"),
    path("folder/<int:pk>/", views.look, name="look"),
    path("folder/<int:pk>/take/", views.take, name="take"),
    path("<int:pk>/folder.zip", views.folder, name="folder"),
    path("<int:pk>/invite/", views.invite, name="invite"),
    path("<int:pk>/members/<int:org>/agree/", views.agree, name="agree"),
    path("<int:pk>/members/<int:org>/drop/", views.drop, name="drop"),
]
