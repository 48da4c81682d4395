"""What is done with the register: a region folder's nouns become rows of organisations."""

from collections.abc import Callable, Mapping
from datetime import date

from django.db import transaction

from nongshi.core import region as core
from nongshi.site.base.models import Org, Person, Role
from nongshi.site.base.rights import RoleKind
from nongshi.site.register.models import Dryer, Field, Licence, Machine, Operator
from nongshi.site.register.outlines import area_ha_of


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
                area_ha=_area_ha(noun, outline(noun)),
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


def _area_ha(noun: core.Field, outline: object) -> float:
    """As stated, else by the outline."""
    if noun.area_ha:
        return noun.area_ha
    return 0.0 if outline is None else area_ha_of(outline)


def _keep_growers(region: core.Region, org_of_field: Callable[[core.Field], Org]) -> dict[str, Person]:
    found: dict[str, Person] = {}
    fresh: list[Person] = []
    known = _known_people({org_of_field(field).pk for field in region.fields if field.grower_id})
    for field in region.fields:
        if field.grower_id and field.grower_id not in found:
            org = org_of_field(field)
            person = known.get((org.pk, field.grower_id))
            if person is None:
                person = Person(org=org, name=field.grower_id, generated=region.synthetic)
                fresh.append(person)
            found[field.grower_id] = person
    people = Person.objects.bulk_create(fresh)
    Role.objects.bulk_create(Role(person=person, org_id=person.org_id, kind=RoleKind.FARMER) for person in people)
    return found


def _known_people(org_ids: set[int]) -> dict[tuple[int, str], Person]:
    """People by organisation and what a folder calls them: their number here, or a name that only they have."""
    found: dict[tuple[int, str], Person] = {}
    twice: set[tuple[int, str]] = set()
    for person in Person.objects.filter(org_id__in=org_ids):
        key = (person.org_id, person.name)
        twice |= {key} & found.keys()
        found[key] = person
    found = {key: person for key, person in found.items() if key not in twice}
    return found | {(p.org_id, str(p.pk)): p for p in Person.objects.filter(org_id__in=org_ids)}


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
