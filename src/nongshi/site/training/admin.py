"""Administration of training: to look at; what people decided is changed at the trainer's desk."""

from django.contrib import admin

from nongshi.site.base.admin import ReadOnlyAdmin
from nongshi.site.training.models import Answer, Certificate, Course, Enrolment, Vacancy


@admin.register(Course)
class CourseAdmin(ReadOnlyAdmin):
    """Courses."""

    list_display = ("ref", "licence_class", "town", "start", "end", "seats", "state", "org")
    list_filter = ("state", "licence_class")
    list_select_related = ("org",)


@admin.register(Enrolment)
class EnrolmentAdmin(ReadOnlyAdmin):
    """Who sits where."""

    list_display = ("person", "course", "rank", "state", "answered_at", "result_at")
    list_filter = ("state",)
    list_select_related = ("person", "course")


@admin.register(Certificate)
class CertificateAdmin(ReadOnlyAdmin):
    """What was issued."""

    list_display = ("person", "licence_class", "issued", "valid_until", "revoked")
    list_select_related = ("person",)


@admin.register(Vacancy)
class VacancyAdmin(ReadOnlyAdmin):
    """Work that waits."""

    list_display = ("town", "licence_class", "start", "hours", "places", "pay_fen_h", "is_open", "org")
    list_select_related = ("org",)


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    """Who said yes."""

    list_display = ("person", "vacancy", "state")
    list_select_related = ("person", "vacancy")
