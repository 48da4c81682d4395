"""Courses and who sits in them; certificates; vacancies and who said yes."""

import secrets
from datetime import date, timedelta
from typing import ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from nongshi.site.base.models import Org, Person
from nongshi.site.base.rights import Resource
from nongshi.site.base.rows import OrgRow
from nongshi.site.forecasts.models import Forecast

CODE_BYTES = 9  # of the address that a certificate's QR code carries
SHARE = (MinValueValidator(0.0), MaxValueValidator(1.0))


class CourseState(models.TextChoices):
    """Suggested by the plan, open for wishes, over, or called off."""

    SUGGESTED = "suggested", _("suggested")
    OPEN = "open", _("open for wishes")
    DONE = "done", _("over")
    CANCELLED = "cancelled", _("called off")


class Course(OrgRow):
    """A course for one class of licence, from day to day in one place."""

    resource: ClassVar = Resource.COURSE

    ref = models.CharField(_("number"), max_length=40)
    licence_class = models.CharField(_("driving licence"), max_length=10)
    town = models.CharField(_("town"), max_length=80)
    venue = models.CharField(_("venue"), max_length=120, blank=True)
    trainer = models.ForeignKey(Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    start = models.DateField(_("first day"))
    end = models.DateField(_("ends on"))
    seats = models.PositiveSmallIntegerField(_("seats"), validators=[MinValueValidator(1), MaxValueValidator(500)])
    minimum = models.PositiveSmallIntegerField(_("opens from so many"), default=1)
    cost_fen = models.PositiveIntegerField(_("cost of the course, fen"), default=0)
    pass_rate = models.FloatField(_("share that passes"), null=True, blank=True, validators=SHARE)  # None: unknown
    state = models.CharField(_("state"), max_length=10, choices=CourseState.choices, default=CourseState.OPEN)
    advised = models.BooleanField(_("the plan says to open it"), null=True)  # None: no plan spoke of it
    why_zh = models.TextField(blank=True)
    why_en = models.TextField(blank=True)
    generated = models.BooleanField(_("generated"), default=False)

    class Meta:
        ordering = ("start", "pk")
        constraints: ClassVar = [models.UniqueConstraint(fields=("org", "ref"), name="course_ref_once")]
        verbose_name = _("course")
        verbose_name_plural = _("courses")

    def __str__(self) -> str:
        return f"{self.ref} {self.licence_class} {self.start}"

    @property
    def days(self) -> list[date]:
        """Every day of it."""
        return [self.start + timedelta(days=n) for n in range((self.end - self.start).days + 1)]


class EnrolmentState(models.TextChoices):
    """From a wish to a result."""

    WISHED = "wished", _("wished")
    SEAT = "seat", _("has a seat")
    REFUSED = "refused", _("no seat")
    WITHDRAWN = "withdrawn", _("withdrawn")
    PASSED = "passed", _("passed")
    FAILED = "failed", _("not passed")


OPEN_STATES = (EnrolmentState.WISHED, EnrolmentState.SEAT, EnrolmentState.REFUSED)
SEATED = (EnrolmentState.SEAT, EnrolmentState.PASSED, EnrolmentState.FAILED)


class Enrolment(OrgRow):
    """A person and a course: the wish with its rank, the answer with its reason, the result. `org` is the course's."""

    resource: ClassVar = Resource.ENROLMENT
    org_paths: ClassVar = ("org_id", "person__org_id")
    self_paths: ClassVar = ("person",)

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="enrolments")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="enrolments")
    rank = models.PositiveSmallIntegerField(_("rank of the wish"), null=True)  # 1: first; None: entered by the trainer
    state = models.CharField(_("state"), max_length=10, choices=EnrolmentState.choices, default=EnrolmentState.WISHED)
    advised = models.BooleanField(_("the plan gives a seat once the course opens"), default=False)
    why_zh = models.TextField(blank=True)
    why_en = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True)
    result_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("rank", "pk")
        verbose_name = _("enrolment")
        verbose_name_plural = _("enrolments")

    def __str__(self) -> str:
        return f"{self.person} {self.course}"


class Attendance(models.Model):
    """Whether somebody was there on a day of the course; no row: nobody said."""

    enrolment = models.ForeignKey(Enrolment, on_delete=models.CASCADE, related_name="attendance")
    day = models.DateField()
    present = models.BooleanField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=("enrolment", "day"), name="attendance_once")]

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.day}"


def make_code() -> str:
    """What nobody guesses."""
    return secrets.token_urlsafe(CODE_BYTES)


class Certificate(OrgRow):
    """What a passed course gives: a licence of a class until a day. Anybody with its code may check it."""

    resource: ClassVar = Resource.ENROLMENT
    org_paths: ClassVar = ("org_id", "person__org_id")
    self_paths: ClassVar = ("person",)

    enrolment = models.OneToOneField(Enrolment, on_delete=models.PROTECT, related_name="certificate")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="certificates")
    code = models.CharField(max_length=20, unique=True, default=make_code)
    licence_class = models.CharField(_("driving licence"), max_length=10)
    issued = models.DateField(_("issued on"))
    valid_until = models.DateField(_("valid to"), null=True)  # None: does not expire
    revoked = models.DateField(_("taken back"), null=True)
    held_until = models.DateField(null=True)  # the licence's last day before; None: it is a new one
    new_operator = models.BooleanField(_("held no licence before"), default=False)

    class Meta:
        ordering = ("-issued", "-pk")
        verbose_name = _("certificate")
        verbose_name_plural = _("certificates")

    def __str__(self) -> str:
        return f"{self.licence_class} {self.person}"

    def holds(self, day: date) -> bool:
        """Whether it is good on a day."""
        return self.revoked is None and (self.valid_until is None or self.valid_until >= day)


class Vacancy(OrgRow):
    """Hours for which an organisation lacks a licensed operator; `told_in`: told to all below that organisation."""

    resource: ClassVar = Resource.VACANCY
    org_paths: ClassVar = ("org_id", "told_in_id")

    told_in = models.ForeignKey(Org, null=True, on_delete=models.SET_NULL, related_name="+")
    forecast = models.ForeignKey(Forecast, null=True, on_delete=models.SET_NULL, related_name="+")
    town = models.CharField(_("town"), max_length=80)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    licence_class = models.CharField(_("driving licence"), max_length=10)
    operation = models.CharField(_("work"), max_length=40, blank=True)
    start = models.DateField(_("first day"))
    end = models.DateField(_("ends on"))
    hours = models.FloatField(_("hours a person"), validators=[MinValueValidator(0.0)])
    places = models.PositiveSmallIntegerField(_("people wanted"), default=1)
    pay_fen_h = models.PositiveIntegerField(_("pay an hour, fen"))
    is_open = models.BooleanField(_("still wanted"), default=True)
    generated = models.BooleanField(_("generated"), default=False)

    class Meta:
        ordering = ("start", "pk")
        verbose_name = _("vacancy")
        verbose_name_plural = _("vacancies")

    def __str__(self) -> str:
        return f"{self.town} {self.licence_class} {self.start}"


class AnswerState(models.TextChoices):
    """Said yes, taken on, not taken on, yes taken back."""

    YES = "yes", _("said yes")
    TAKEN = "taken", _("taken on")
    REFUSED = "refused", _("not taken on")
    BACK = "back", _("taken back")


class Answer(OrgRow):
    """An operator's yes to a vacancy. `org` is the vacancy's."""

    resource: ClassVar = Resource.ANSWER
    org_paths: ClassVar = ("org_id", "person__org_id")
    self_paths: ClassVar = ("person",)

    vacancy = models.ForeignKey(Vacancy, on_delete=models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="answers")
    state = models.CharField(_("state"), max_length=8, choices=AnswerState.choices, default=AnswerState.YES)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("answer")
        verbose_name_plural = _("answers")

    def __str__(self) -> str:
        return f"{self.person} {self.vacancy}"
