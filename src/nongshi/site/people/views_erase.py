"""Erasing somebody for good: what goes, what stays, what is in the way; the name is written once more."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from nongshi.site.base.access import need_role
from nongshi.site.base.rights import RoleKind
from nongshi.site.people import erasing, forms


@never_cache
def erase(request: HttpRequest, pk: int) -> HttpResponse:
    """One person goes; the orders and books that they stand in keep a number."""
    need_role(request.scope, RoleKind.DISPATCHER)
    person = erasing.get_erasable(request.scope, pk)
    hindrances = erasing.list_hindrances(person)
    form = forms.EraseForm(request.POST or None, name=person.name)
    if request.method == "POST" and form.is_valid() and not hindrances:
        erasing.erase_as_dispatcher(request.scope, pk, form.cleaned_data["name"])
        messages.success(request, _("Erased. Orders and books keep a number instead of the name."))
        return redirect("people:home")
    status = 409 if request.method == "POST" and hindrances else 422 if form.errors else 200
    context = {
        "one": person, "hindrances": hindrances, "form": form, "submit": _("Erase for good"),
        "cancel": reverse("people:one", args=[pk]),
    }  # fmt: skip
    return render(request, "people/erase.html", context, status=status)
