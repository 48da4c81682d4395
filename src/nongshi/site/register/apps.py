"""The app's name for Django."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class RegisterConfig(AppConfig):
    """Register of fields, machines and people."""

    name = "nongshi.site.register"
    label = "register"
    verbose_name = _("Register of fields, machines and people")

    def ready(self) -> None:
        """Code tables come with the database; large files are long work."""
        from nongshi.site.register import code_list, drafts, importers, lending_list  # noqa: F401 - drafts marks its kinds

        importers.FINDERS.extend([lending_list.find, code_list.find])

        post_migrate.connect(_bring_codes, sender=self, dispatch_uid="register.codes")


def _bring_codes(**_: object) -> None:
    """After every migration, which `nongshi serve` does at each start."""
    from nongshi.site.register.codes import keep_tables

    keep_tables()
