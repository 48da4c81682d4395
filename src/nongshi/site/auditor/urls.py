"""Addresses of the auditor's desk; every one of them only reads."""

from django.urls import path

from nongshi.site.auditor import views

app_name = "auditor"
urlpatterns = [
    path("", views.home, name="home"),
    path("acts.csv", views.acts_csv, name="acts_csv"),
    path("jobs/", views.jobs, name="jobs"),
    path("job/<int:job_id>/", views.job, name="job"),
    path("plans/", views.plans, name="plans"),
    path("plan/<int:plan_id>/", views.plan, name="plan"),
    path("machines/", views.machines, name="machines"),
    path("machine/<int:machine_id>/", views.machine, name="machine"),
    path("sample/", views.sample, name="sample"),
    path("order/<int:order_id>/photo/", views.photo, name="photo"),
]
