"""Rows written many at once are rows written one by one: same columns, same defaults, all or none."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, transaction

from nongshi.site.base.bulk import insert_rows, one_trip, update_rows
from nongshi.site.base.models import Answered, Event, Org, OrgKind, Person

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 27, 8, tzinfo=UTC)


def _person() -> Person:
    return Person.objects.create(org=Org.objects.create(kind=OrgKind.COOP, code="b", name="b"), name="b")


def test_what_no_row_names_gets_its_default() -> None:
    rows = [{"name": "JobPosted", "about": f"job:{i}", "data": {"n": i, "said": "三亩 \u2014 ü"}} for i in range(3)]
    insert_rows(Event, rows)
    made = [Event.objects.create(**row) for row in rows]
    columns = ("name", "about", "by", "org", "data")
    both = list(Event.objects.order_by("pk").values_list(*columns))
    assert both[:3] == both[3:]
    assert Event.objects.order_by("pk").first().at <= made[0].at


def test_columns_may_come_in_any_order_and_moments_stay_moments() -> None:
    insert_rows(
        Event, [{"data": {}, "at": AT, "about": "x", "name": "A"}, {"data": {}, "at": AT, "about": "y", "name": "B"}]
    )
    assert list(Event.objects.order_by("pk").values_list("name", "about", "at")) == [("A", "x", AT), ("B", "y", AT)]


def test_no_rows_are_no_statement() -> None:
    insert_rows(Event, [])
    update_rows([], ("name",))
    assert not Event.objects.exists()


def test_a_column_that_is_not_there_is_refused() -> None:
    with pytest.raises(TypeError, match="adress"):
        insert_rows(Event, [{"name": "A", "about": "x", "adress": "y"}])


def test_only_named_columns_are_updated() -> None:
    person = _person()
    person.name, person.generated = "other", True
    update_rows([person], ("name",))
    person.refresh_from_db()
    assert (person.name, person.generated) == ("other", False)


def test_one_that_cannot_be_written_takes_all_of_the_trip_with_it() -> None:
    person = _person()
    row = {"person_id": person.pk, "key": "k", "request_digest": "d"}

    def write() -> None:
        with transaction.atomic(), one_trip():
            insert_rows(Event, [{"name": "A", "about": "x"}])
            insert_rows(Answered, [row, row])  # a key once a person

    with pytest.raises(DatabaseError):
        write()
    assert (Event.objects.count(), Answered.objects.count()) == (0, 0)
