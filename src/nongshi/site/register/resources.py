"""Lists of the register in and out of the administration: a row is found by organisation code and number."""

from typing import Any

from import_export import fields, resources
from import_export.widgets import ForeignKeyWidget

from nongshi.site.base.models import Org, Person
from nongshi.site.register.models import Field, Machine, Operator

KEYS = ("org", "ref")


class RegisterResource(resources.ModelResource):
    """All rows or none; each fault is shown by row before anything is written."""

    org = fields.Field(column_name="org", attribute="org", widget=ForeignKeyWidget(Org, "code"))

    class Meta:
        use_transactions = True
        skip_unchanged = True
        report_skipped = True
        clean_model_instances = True
        import_id_fields = KEYS

    def import_data(self, dataset: Any, *args: Any, **kwargs: Any) -> Any:
        """Rows that cannot be right keep the sound ones out, too."""
        kwargs["rollback_on_validation_errors"] = True
        return super().import_data(dataset, *args, **kwargs)

    def before_save_instance(self, instance: Any, row: Any, **kwargs: Any) -> None:
        """A change raises the version, so that desks notice."""
        if instance.pk:
            instance.version += 1


class FieldResource(RegisterResource):
    """Fields; outlines come by GeoJSON, not in a table."""

    class Meta(RegisterResource.Meta):
        model = Field
        fields = (*KEYS, "name", "place", "area_ha", "gate_lon", "gate_lat", "crop", "variety", "hazards")
        export_order = fields


class MachineResource(RegisterResource):
    """Machines and their papers."""

    class Meta(RegisterResource.Meta):
        model = Machine
        fields = (
            *KEYS, "name", "machine_class", "owner_ref", "yard_lon", "yard_lat", "plate", "terminal", "width_m",
            "inspected_until", "insured_until", "permit_until", "oversize_until", "upkeep_due",
        )  # fmt: skip
        export_order = fields


class OperatorResource(RegisterResource):
    """Operators; no ID numbers."""

    person = fields.Field(column_name="person", attribute="person", widget=ForeignKeyWidget(Person, "pk"))

    class Meta(RegisterResource.Meta):
        model = Operator
        fields = (*KEYS, "person", "owner_ref", "hours_max", "shared")
        export_order = fields
