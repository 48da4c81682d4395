"""Addresses of the register."""

from django.urls import path

from nongshi.site.register import views, views_files, views_map, views_more, views_row

app_name = "register"
urlpatterns = [
    path("", views.home, name="home"),
    path("near.geojson", views_map.near, name="near"),
    path("judge", views_map.judge, name="judge"),
    path("lendings/", views_more.lendings, name="lendings"),
    path("lendings/new/", views_more.lend, name="lend"),
    path("lendings/<int:pk>/back/", views_more.take_back, name="take_back"),
    path("codes/", views_more.code_tables, name="codes"),
    path("codes/<int:pk>/", views_more.code_table, name="code_table"),
    path("codes/<int:pk>/export.<str:shape>", views_more.export_codes, name="export_codes"),
    path("files/<int:pk>/", views_files.draft, name="draft"),
    path("files/<int:pk>/take/", views_files.take, name="take"),
    path("operators/<int:pk>/licences/", views_more.add_licence, name="add_licence"),
    path("operators/<int:pk>/licences/<int:licence>/drop/", views_more.drop_licence, name="drop_licence"),
    path("operators/<int:pk>/licences/<int:licence>/photo", views_more.photo, name="photo"),
    path("machines/<int:pk>/implements/", views_more.add_implement, name="add_implement"),
    path("machines/<int:pk>/implements/<int:implement>/drop/", views_more.drop_implement, name="drop_implement"),
    path("<str:list_name>/", views.list_page, name="list"),
    path("<str:list_name>/new/", views_row.change_page, name="new"),
    path("<str:list_name>/import/", views_files.upload, name="upload"),
    path("<str:list_name>/export.<str:shape>", views_files.export, name="export"),
    path("<str:list_name>/template.<str:shape>", views_files.template, name="template"),
    path("<str:list_name>/<int:pk>/", views_row.row_page, name="row"),
    path("<str:list_name>/<int:pk>/change/", views_row.change_page, name="change"),
    path("<str:list_name>/<int:pk>/out/", views_row.take_out, name="out"),
    path("<str:list_name>/<int:pk>/back/", views_row.take_back_in, name="back"),
]
