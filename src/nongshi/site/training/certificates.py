"""A certificate in words: as PDF, and for whoever checks its code."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from nongshi.files.certificate import CertificateWords, make_certificate
from nongshi.files.texts import SYNTHETIC
from nongshi.site.base.templatetags.site import in_english
from nongshi.site.forecasts.words import licence_name
from nongshi.site.training.models import Certificate

SHOWN_FIRST = 1  # letters of a name that a stranger sees


def make_pdf(row: Certificate) -> bytes:
    """The certificate in the reader's language."""
    course = row.enrolment.course
    until = str(row.valid_until) if row.valid_until else _("does not expire")
    return make_certificate(
        CertificateWords(
            title=_("Certificate of training"),
            name=row.person.name,
            lead=_("took part in the course for %(licence)s (%(code)s) and passed.")
            % {"licence": licence_name(row.licence_class), "code": row.licence_class},
            facts=[
                (_("Course"), f"{course.ref} · {course.start} – {course.end}"),
                (_("Place"), " · ".join(filter(None, (course.town, course.venue)))),
                (_("Issued by"), str(row.org)),
                (_("Issued on"), str(row.issued)),
                (_("Valid to"), until),
                (_("Number"), row.code),
            ],
            address=address_of(row),
            check=_("Scan to check"),
            foot=_("Nongshi: the right machine, onto the right field, inside its window"),
            lang="en" if in_english() else "zh",
            synthetic_word=SYNTHETIC[int(in_english())] if course.generated else "",
        )
    )


def address_of(row: Certificate) -> str:
    """Where anybody checks it."""
    return settings.SITE_URL + reverse("training:check", args=[row.code])


def masked(name: str) -> str:
    """A name as a stranger may see it.

    >>> masked("王小明")
    '王**'
    """
    return name[:SHOWN_FIRST] + "*" * max(1, len(name) - SHOWN_FIRST)
