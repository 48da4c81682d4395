"""What is done with the register: a region folder's nouns become rows of organisations."""

from collections.abc import Callable, Mapping
from datetime import date

from django.db import transaction

from nongshi.core import region as core
from nongshi.site.base.models import Org, Person, Role
from nongshi.site.base.rights import RoleKind
from nongshi.site.register.models import Dryer, Field, Licence, Machine, Operator


def keep_register(
    region: core.Region,
    *,
    org_of_field: Callable[[core.Field], Org],
    org_of_owner: Mapping[str, Org],
    org_of_dryer: Callable[[core.Dryer], Org],
    outline: Callable[[core.Field], object],
) -> dict[str, Field]:
    """Make a region's fields, machines, operators and dryers rows; answers its fields by the region's ids.

    Growers become people of the field's organisation with the role of a farmer. All or nothing.
    """
    with transaction.atomic():
        growers = _keep_growers(region, org_of_field)
        fields = {}
        for noun in region.fields:
            org = org_of_field(noun)
            row = Field(
                org=org,
                ref=noun.id,
                name=noun.name,
                place=noun.place,
                grower=growers.get(noun.grower_id),
                area_ha=noun.area_ha or 0.0,
                gate_lon=noun.gate_lon,
                gate_lat=noun.gate_lat,
                generated=region.synthetic,
            )
            fields[noun.id] = row.set_geometry(outline(noun))
        Field.objects.bulk_create(fields.values())
        Machine.objects.bulk_create(_machine(noun, org_of_owner, region) for noun in region.machines)
        _keep_operators(region, org_of_owner)
        Dryer.objects.bulk_create(_dryer(noun, org_of_dryer(noun), region) for noun in region.dryers)
    return fields


def _keep_growers(region: core.Region, org_of_field: Callable[[core.Field], Org]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    for field in region.fields:
        if field.grower_id and field.grower_id not in found:
            found[field.grower_id] = Person(org=org_of_field(field), name=field.grower_id, generated=region.synthetic)
    people = Person.objects.bulk_create(found.values())
    Role.objects.bulk_create(Role(person=person, org_id=person.org_id, kind=RoleKind.FARMER) for person in people)
    return found


def _machine(noun: core.Machine, org_of_owner: Mapping[str, Org], region: core.Region) -> Machine:
    return Machine(
        org=org_of_owner[noun.owner_id],
        ref=noun.id,
        machine_class=noun.machine_class,
        owner_ref=noun.owner_id,
        yard_lon=noun.yard_lon,
        yard_lat=noun.yard_lat,
        available_from=noun.available_from,
        available_to=noun.available_to,
        down=[[since.strftime("%Y-%m-%dT%H:%M"), until.strftime("%Y-%m-%dT%H:%M")] for since, until in noun.down],
        generated=region.synthetic,
    )


def _keep_operators(region: core.Region, org_of_owner: Mapping[str, Org]) -> None:
    people = Person.objects.bulk_create(
        Person(org=org_of_owner[noun.owner_id], name=noun.id, generated=region.synthetic) for noun in region.operators
    )
    Role.objects.bulk_create(Role(person=person, org_id=person.org_id, kind=RoleKind.OPERATOR) for person in people)
    rows = Operator.objects.bulk_create(
        Operator(
            org_id=person.org_id,
            ref=noun.id,
            person=person,
            owner_ref=noun.owner_id,
            hours_max=noun.hours_max,
            shared=noun.shared,
            off_days=sorted(day.isoformat() for day in noun.off_days),
            generated=region.synthetic,
        )
        for noun, person in zip(region.operators, people, strict=True)
    )
    Licence.objects.bulk_create(
        Licence(operator=row, licence_class=name, valid_until=until)
        for noun, row in zip(region.operators, rows, strict=True)
        for name, until in noun.licences.items()
    )


def _dryer(noun: core.Dryer, org: Org, region: core.Region) -> Dryer:
    down = [[first.isoformat(), last.isoformat()] for first, last in noun.down]
    return Dryer(
        org=org, ref=noun.id, lon=noun.lon, lat=noun.lat, t_day=noun.t_day, hold_t=noun.hold_t, down=down,
        generated=region.synthetic,
    )  # fmt: skip


def set_licences(operator: Operator, held: Mapping[str, date]) -> None:
    """An operator's licences: these and no others; photos of those that stay are kept."""
    operator.licences.exclude(licence_class__in=held).delete()
    for name, until in held.items():
        Licence.objects.update_or_create(operator=operator, licence_class=name, defaults={"valid_until": until})
