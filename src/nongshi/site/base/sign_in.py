"""How people sign in: allauth, with open sign-up off unless a district wants it."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from nongshi.site import conf


class Adapter(DefaultAccountAdapter):
    """A login is made by an organisation for its people, not by whoever comes along."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Only where NONGSHI_SIGNUP says so."""
        return conf.flag("NONGSHI_SIGNUP")
