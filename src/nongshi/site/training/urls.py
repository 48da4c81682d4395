"""Addresses of the trainer's desk, of vacancies, and of the check of a certificate."""

from django.urls import path

from nongshi.site.training import course_views, vacancy_views, views

app_name = "training"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", course_views.new, name="new"),
    path("plan/", views.plan, name="plan"),
    path("plan/make/", views.make, name="make"),
    path("plan/run/<int:pk>/", views.run, name="run"),
    path("renewals/", views.renewals, name="renewals"),
    path("jobs/", views.jobs, name="jobs"),
    path("<int:pk>/", course_views.one, name="one"),
    path("<int:pk>/change/", course_views.change, name="change"),
    path("<int:pk>/open/", course_views.open_one, name="open"),
    path("<int:pk>/cancel/", course_views.cancel, name="cancel"),
    path("<int:pk>/add/", course_views.add, name="add"),
    path("<int:pk>/attendance/", course_views.attendance, name="attendance"),
    path("<int:pk>/results/", course_views.results, name="results"),
    path("seats/<int:pk>/give/", course_views.give, name="give"),
    path("seats/<int:pk>/refuse/", course_views.refuse, name="refuse"),
    path("seats/<int:pk>/link/", course_views.link, name="link"),
    path("certificates/<int:pk>.pdf", views.certificate, name="certificate"),
    path("certificates/<int:pk>/revoke/", views.revoke, name="revoke"),
    path("check/<str:code>/", views.check, name="check"),
    path("vacancies/", vacancy_views.home, name="vacancies"),
    path("vacancies/offer/", vacancy_views.offer, name="offer"),
    path("vacancies/<int:pk>/close/", vacancy_views.close, name="close"),
    path("vacancies/answers/<int:pk>/", vacancy_views.decide, name="decide"),
]
