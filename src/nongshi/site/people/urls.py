"""Addresses of people."""

from django.urls import path

from nongshi.site.people import views, views_erase, views_org, views_ways

app_name = "people"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.new, name="new"),
    path("appoint/", views_org.appoint, name="appoint"),
    path("begin/", views_ways.begin, name="begin"),
    path("org/", views_org.org_page, name="org"),
    path("roles/<int:pk>/take/", views.take, name="take"),
    path("<int:pk>/", views.one, name="one"),
    path("<int:pk>/change/", views.change, name="change"),
    path("<int:pk>/id/", views.set_id, name="set_id"),
    path("<int:pk>/roles/", views.give, name="give"),
    path("<int:pk>/link/", views_ways.link, name="link"),
    path("<int:pk>/login/", views_ways.make_login, name="login"),
    path("<int:pk>/links/<int:link>/revoke/", views_ways.revoke, name="revoke"),
    path("<int:pk>/out/", views_ways.shut_out, name="shut_out"),
    path("<int:pk>/merge/", views.merge, name="merge"),
    path("<int:pk>/erase/", views_erase.erase, name="erase"),
]
