"""Administration of the register; fields, machines and operators come and go as lists, too."""

from django.contrib import admin
from import_export.admin import ImportExportModelAdmin

from nongshi.site.register.models import (
    Code,
    CodeMapping,
    CodeTable,
    Dryer,
    Field,
    Lending,
    Licence,
    Machine,
    Operator,
    Yard,
)
from nongshi.site.register.resources import FieldResource, MachineResource, OperatorResource


class RegisteredAdmin(ImportExportModelAdmin):
    """Rows of an organisation."""

    search_fields: tuple[str, ...] = ("ref",)
    list_filter: tuple[str, ...] = ("org", "generated")
    autocomplete_fields: tuple[str, ...] = ("org",)
    list_select_related: tuple[str, ...] = ("org",)


@admin.register(Field)
class FieldAdmin(RegisteredAdmin):
    """Parcels; their outline is drawn at the register's desk."""

    resource_classes = (FieldResource,)
    list_display = ("ref", "name", "place", "org", "area_ha", "crop", "generated")
    search_fields = ("ref", "name", "place")
    autocomplete_fields = ("org", "grower")


@admin.register(Machine)
class MachineAdmin(RegisteredAdmin):
    """Machines."""

    resource_classes = (MachineResource,)
    list_display = ("ref", "name", "machine_class", "org", "plate", "terminal", "generated")
    list_filter = ("machine_class", "org", "generated")
    search_fields = ("ref", "name", "plate", "terminal")
    autocomplete_fields = ("org", "owner")


class LicenceInline(admin.TabularInline):
    """What somebody may drive."""

    model = Licence
    extra = 0


@admin.register(Operator)
class OperatorAdmin(RegisteredAdmin):
    """Operators and their licences."""

    resource_classes = (OperatorResource,)
    list_display = ("ref", "person", "org", "hours_max", "shared", "generated")
    search_fields = ("ref", "person__name")
    autocomplete_fields = ("org", "person")
    list_select_related = ("org", "person")
    inlines = (LicenceInline,)


@admin.register(Dryer, Yard)
class PlaceAdmin(admin.ModelAdmin):
    """Dryers and yards."""

    list_display = ("ref", "name", "org", "generated")
    search_fields = ("ref", "name")
    autocomplete_fields = ("org",)


@admin.register(Lending)
class LendingAdmin(admin.ModelAdmin):
    """What is lent to whom."""

    list_display = ("org", "to", "what", "machine", "operator", "since", "until")
    autocomplete_fields = ("org", "to", "machine", "operator")
    list_select_related = ("org", "to", "machine", "operator__person")


class CodeInline(admin.TabularInline):
    """Codes of a table."""

    model = Code
    extra = 0


@admin.register(CodeTable)
class CodeTableAdmin(admin.ModelAdmin):
    """Editions of code tables."""

    list_display = ("name", "edition", "source", "since")
    inlines = (CodeInline,)


@admin.register(CodeMapping)
class CodeMappingAdmin(admin.ModelAdmin):
    """What districts call them."""

    list_display = ("org", "code", "local")
    list_select_related = ("org", "code")
    autocomplete_fields = ("org",)
