"""Addresses of the pages of money."""

from django.urls import path

from nongshi.site.money import views, views_books, views_prices

app_name = "money"
urlpatterns = [
    path("", views_books.home, name="home"),
    path("account/<int:account_id>/", views_books.account, name="account"),
    path("account/<int:account_id>/close", views_books.close, name="close"),
    path("account/<int:account_id>/ask", views.ask, name="ask"),
    path("account/<int:account_id>/bank", views_books.bank_account, name="bank_account"),
    path("statement/<int:statement_id>/", views_books.statement, name="statement"),
    path("statement/<int:statement_id>/file.<str:kind>", views_books.statement_file, name="statement_file"),
    path("prices/", views_prices.prices, name="prices"),
    path("caps/", views_prices.caps, name="caps"),
    path("terms/", views_prices.terms, name="terms"),
    path("nettings/", views_books.nettings, name="nettings"),
    path("netting/<int:netting_id>/", views_books.netting, name="netting"),
    path("netting/<int:netting_id>/drop", views_books.drop, name="drop"),
    path("netting/<int:netting_id>/file.<str:kind>", views_books.payment_file, name="payment_file"),
    path("transfer/<int:transfer_id>/agree", views_books.agree, name="agree"),
    path("transfer/<int:transfer_id>/paid", views_books.transfer_paid, name="transfer_paid"),
    path("payments/", views.payments, name="payments"),
    path("payments/bank", views.bank, name="bank"),
    path("payment/<int:payment_id>/", views.payment, name="payment"),
    path("payment/<int:payment_id>/sandbox", views.sandbox, name="sandbox"),
]
