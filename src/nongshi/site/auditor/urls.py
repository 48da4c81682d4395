"""Addresses of the auditor's desk."""

from django.urls import path

from nongshi.site.auditor import views

app_name = "auditor"
urlpatterns = [
    path("", views.home, name="home"),
    path("acts.csv", views.export, name="export"),
    path("sample/", views.sample, name="sample"),
    path("job/<int:pk>/", views.job, name="job"),
    path("plan/<int:pk>/", views.plan, name="plan"),
    path("machine/<int:pk>/", views.machine, name="machine"),
]
