"""A generated cooperative for measuring orders: machines, growers, fields, jobs and orders, in a database of its own.

SQLite: a file in a folder that is gone afterwards. With DATABASE_URL naming a PostgreSQL server: a new database on it,
dropped afterwards. What is in the database that DATABASE_URL names is never touched.
"""

import os
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from nongshi.core.errors import BadUsage, MissingExtra

AREA_HA = 1.0
HOURS = 2
FIRST_DAY = 3  # places begin so many days from now
WINDOW_DAYS = 4000  # every place of every machine lies inside
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Shop:
    """The generated rows, by id."""

    org_id: int
    farmers: tuple[int, ...]  # people
    machines: tuple[int, ...]
    operators: tuple[int, ...]
    field: int
    now: datetime

    def spot(self, number: int) -> Any:
        """The number-th place of all machines together; no two overlap."""
        from nongshi.site.orders.places import Span, Spot

        row, machine = divmod(number, len(self.machines))
        begin_s = int(self.now.timestamp()) + FIRST_DAY * 86_400 + row * HOURS * 3600
        return Spot((Span(self.machines[machine], self.operators[machine], begin_s, begin_s + HOURS * 3600),))


@contextmanager
def own_database() -> Iterator[str]:
    """Django on an empty database of this run's own; "sqlite" or "postgresql".

    Raises:
        BadUsage: Django runs in this process already, on another database.
        MissingExtra: no driver of PostgreSQL.
    """
    from django.conf import settings

    if settings.configured:
        raise BadUsage("this measures on a database of its own; run it in a process of its own")
    with tempfile.TemporaryDirectory(prefix="nongshi-bench-") as folder:
        os.environ["NONGSHI_HOME"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "nongshi.site.settings"
        given = os.environ.get("DATABASE_URL", "")
        if not given.startswith("postgres"):
            os.environ["DATABASE_URL"] = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
            yield _set_up()
            return
        with _new_database(given) as url:
            os.environ["DATABASE_URL"] = url
            yield _set_up()


def _set_up() -> str:
    import django
    from django.core.management import call_command
    from django.db import connection

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    return str(connection.vendor)


@contextmanager
def _new_database(url: str) -> Iterator[str]:
    try:
        import psycopg
    except ImportError:
        raise MissingExtra("psycopg", extra="postgres") from None
    name = f"nongshi_bench_{secrets.token_hex(4)}"
    server = urlunsplit(urlsplit(url)._replace(scheme="postgresql"))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")  # the name is ours
    try:
        yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
    finally:
        from django.db import connections

        connections.close_all()
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def make_shop(*, machines: int, farmers: int = 50) -> Shop:
    """A cooperative with its people and machines, one field for all jobs; marked as generated."""
    from django.utils import timezone

    from nongshi.site.base.models import Org, OrgKind, Person, Role
    from nongshi.site.base.rights import RoleKind
    from nongshi.site.register.models import Field, Machine, Operator

    tag = secrets.token_hex(3)  # several shops in one database
    org = Org.objects.create(kind=OrgKind.COOP, code=f"bench-{tag}", name="生成的合作社", generated=True)

    def people(kind: RoleKind, count: int) -> list[Any]:
        made = [Person.objects.create(org=org, name=f"生成{kind.value}{i}", generated=True) for i in range(count)]
        Role.objects.bulk_create(Role(person=one, org=org, kind=kind) for one in made)
        return made

    growers = people(RoleKind.FARMER, farmers)
    people(RoleKind.DISPATCHER, 1)
    drivers, owners = people(RoleKind.OPERATOR, machines), people(RoleKind.OWNER, max(1, machines // 2))
    place: dict[str, Any] = {"yard_lon": 121.2, "yard_lat": 30.8}
    made = [
        Machine.objects.create(
            org=org, ref=f"M{i}", machine_class="combine-tracked", owner=owners[i % len(owners)], **place
        )
        for i in range(machines)
    ]
    operators = [Operator.objects.create(org=org, ref=f"O{i}", person=drivers[i]) for i in range(machines)]
    field = Field.objects.create(
        org=org, ref="F", name="生成田", grower=growers[0], area_ha=AREA_HA, gate_lon=121.2, gate_lat=30.8
    )
    return Shop(
        org.pk,
        tuple(one.pk for one in growers),
        tuple(one.pk for one in made),
        tuple(one.pk for one in operators),
        field.pk,
        timezone.now().replace(microsecond=0),
    )


def make_orders(shop: Shop, count: int, **more: Any) -> list[int]:
    """So many jobs, each with an order; the orders' ids. `more`: columns of all orders."""
    from nongshi.site.jobs.models import FieldJob
    from nongshi.site.orders.models import OrderRow

    first = FieldJob.objects.count()
    jobs = FieldJob.objects.bulk_create(
        [
            FieldJob(
                org_id=shop.org_id, ref=f"B{first + i}", field_id=shop.field,
                grower_id=shop.farmers[i % len(shop.farmers)], operation="rice_harvest", area_ha=AREA_HA,
                open=shop.now, due=shop.now + timedelta(days=10), close=shop.now + timedelta(days=WINDOW_DAYS),
                value_fen=150_000, loss_curve="rice_harvest",
            )
            for i in range(count)
        ],
        batch_size=500,
    )  # fmt: skip
    rows = [OrderRow(org_id=shop.org_id, job=job, **more) for job in jobs]
    return [row.pk for row in OrderRow.objects.bulk_create(rows, batch_size=500)]
