"""Orders, their moves, the places that they hold, who waits for one, and settlements."""

import json
import zlib
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from nongshi.market import orders as room
from nongshi.site.base.models import Person
from nongshi.site.base.rights import Resource
from nongshi.site.base.rows import OrgRow
from nongshi.site.jobs.models import FieldJob
from nongshi.site.register.models import Machine, Operator

OVER = (room.State.CANCELLED.value, room.State.NO_SHOW.value)


class OrderRow(OrgRow):
    """An order for a job; `org` is the job's. A job has one order that is not called off."""

    resource: ClassVar = Resource.ORDER
    self_paths: ClassVar = ("job__grower", "machine__owner", "operator__person")
    freed: tuple[tuple[int, int | None, int, int], ...] = ()  # spans that its last move freed; kept nowhere

    job = models.ForeignKey(FieldJob, on_delete=models.PROTECT, related_name="bookings")
    state = models.CharField(
        _("state"),
        max_length=12,
        choices=[(one.value, one.value) for one in room.State],
        default=room.State.DRAFT.value,
    )
    machine = models.ForeignKey(Machine, null=True, on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey(Operator, null=True, on_delete=models.PROTECT, related_name="+")
    start = models.DateTimeField(_("start"), null=True)
    end = models.DateTimeField(_("end"), null=True)
    held_until = models.DateTimeField(_("held until"), null=True)
    price = models.JSONField(default=list)  # lines: [name, fen]
    price_fen = models.BigIntegerField(_("price, fen"), default=0)
    booked_ha = models.FloatField(_("booked area, ha"), default=0.0)
    measured_ha = models.FloatField(_("measured area, ha"), null=True)
    measured_at = models.DateTimeField(null=True)
    measured = models.JSONField(default=dict)  # the interval, overlap, skips and reasons of the measurement
    by_itself = models.BooleanField(default=False)
    agreed_by = models.CharField(max_length=10, blank=True)
    agreed_ha = models.FloatField(_("area to be paid, ha"), null=True)
    conditions = models.JSONField(default=list)  # of the field, as its price was told: lodged, wet ...
    fuel_fen = models.BigIntegerField(_("fuel handed out, fen"), default=0)

    class Meta:
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(fields=("job",), condition=~Q(state__in=OVER), name="one_order_a_job")
        ]
        indexes: ClassVar = [models.Index(fields=("org", "state"))]
        verbose_name = _("order")
        verbose_name_plural = _("orders")

    def __str__(self) -> str:
        return f"{self.job} {self.state}"

    @property
    def about(self) -> str:
        """Its name in events, notices and the books."""
        return f"booking:{self.pk}"  # "order:" is a work order's

    @property
    def settled(self) -> bool:
        """Whether nothing of it changes any more."""
        return self.state in room.ENDS

    def to_room(self) -> room.Order:
        """As the room knows it."""
        return room.Order(
            id=str(self.pk),
            state=room.State(self.state),
            version=self.version,
            start=self.start,
            held_until=self.held_until,
            booked_ha=self.booked_ha,
            measured_ha=self.measured_ha,
            measured_at=self.measured_at,
            by_itself=self.by_itself,
            agreed_by=room.Who(self.agreed_by) if self.agreed_by else None,
            agreed_ha=self.agreed_ha,
        )

    def take_over(self, order: room.Order) -> None:
        """Set what the room decided."""
        self.state, self.version = order.state.value, order.version
        self.start, self.held_until, self.booked_ha = order.start, order.held_until, order.booked_ha
        self.measured_ha, self.measured_at, self.by_itself = order.measured_ha, order.measured_at, order.by_itself
        self.agreed_by, self.agreed_ha = order.agreed_by or "", order.agreed_ha


class OrderTrack(models.Model):
    """The fixes that an order was measured by, near its field only; who sees the order may see them."""

    order = models.OneToOneField(OrderRow, on_delete=models.CASCADE, related_name="track")
    device = models.CharField(max_length=80)
    packed = models.BinaryField()  # JSON: seconds since the first, degrees, whether at work
    began = models.DateTimeField()
    generated = models.BooleanField(_("generated"), default=False)

    def __str__(self) -> str:
        return f"{self.order_id} {self.device}"

    @property
    def fixes(self) -> list[list[Any]]:
        """[seconds, longitude, latitude, 1 at work or 0], in order."""
        return json.loads(zlib.decompress(bytes(self.packed)))

    @fixes.setter
    def fixes(self, rows: list[list[Any]]) -> None:
        self.packed = zlib.compress(json.dumps(rows, separators=(",", ":")).encode(), 6)


class OrderMove(models.Model):
    """One move of an order; only ever added."""

    order = models.ForeignKey(OrderRow, on_delete=models.PROTECT, related_name="moves")
    act = models.CharField(max_length=12)
    side = models.CharField(max_length=10)
    by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    start = models.CharField(_("from"), max_length=12)
    to = models.CharField(_("to"), max_length=12)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("move of an order")
        verbose_name_plural = _("moves of orders")

    def __str__(self) -> str:
        return f"{self.order_id} {self.act}"


class Place(models.Model):
    """Hours of a machine and its operator that are an order's: held until a moment, or taken.

    Seconds since 1970, so that the database itself can refuse an overlap, on SQLite as on PostgreSQL.
    """

    order = models.ForeignKey(OrderRow, on_delete=models.CASCADE, related_name="places")
    machine = models.ForeignKey(Machine, on_delete=models.PROTECT, related_name="+")
    operator = models.ForeignKey(Operator, null=True, on_delete=models.PROTECT, related_name="+")
    begin_s = models.BigIntegerField()
    end_s = models.BigIntegerField()
    held_until = models.DateTimeField(null=True)  # None: taken

    class Meta:
        ordering = ("machine", "begin_s")
        constraints: ClassVar = [models.CheckConstraint(condition=Q(begin_s__lt=models.F("end_s")), name="place_lasts")]
        indexes: ClassVar = [
            models.Index(fields=("machine", "begin_s"), name="place_machine"),
            models.Index(fields=("operator", "begin_s"), name="place_operator"),
        ]
        verbose_name = pgettext_lazy("of a machine", "place")
        verbose_name_plural = _("places")

    def __str__(self) -> str:
        return f"{self.machine_id} {self.start:%m-%d %H:%M}"

    @property
    def start(self) -> datetime:
        """When it begins."""
        return datetime.fromtimestamp(self.begin_s, UTC)

    @property
    def end(self) -> datetime:
        """When it ends."""
        return datetime.fromtimestamp(self.end_s, UTC)


class Waiting(OrgRow):
    """A job that waits for a place to be freed; first come, first served."""

    resource: ClassVar = Resource.ORDER
    self_paths: ClassVar = ("order__job__grower",)

    order = models.OneToOneField(OrderRow, on_delete=models.CASCADE, related_name="waiting")
    offered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        verbose_name = _("waiting")
        verbose_name_plural = _("waiting")

    def __str__(self) -> str:
        return f"{self.order_id}"


class Settlement(OrgRow):
    """The sheet of a settled order: price lines and what each party pays or gets, summing to zero."""

    resource: ClassVar = Resource.ORDER
    self_paths: ClassVar = ("order__job__grower", "order__machine__owner", "order__operator__person")

    order = models.OneToOneField(OrderRow, on_delete=models.PROTECT, related_name="settlement")
    posting_id = models.CharField(max_length=32)
    total_fen = models.BigIntegerField()
    price = models.JSONField(default=list)  # lines: [name, fen]
    parties = models.JSONField(default=list)

    class Meta:
        ordering = ("-pk",)
        verbose_name = _("settlement")
        verbose_name_plural = _("settlements")

    def __str__(self) -> str:
        return f"{self.order_id} {self.total_fen}"


def move_row(
    order: OrderRow, act: room.Act, side: room.Who, by: int | None, at: datetime, before: room.Order, after: room.Order
) -> dict[str, Any]:
    """The row of a move of an order."""
    return {
        "order_id": order.pk, "act": act.value, "side": side.value, "by_id": by, "at": at,
        "start": before.state.value, "to": after.state.value,
    }  # fmt: skip


def event_row(order: OrderRow, act: room.Act, by: int | None, after: room.Order) -> dict[str, Any]:
    """The row of the act that is logged of a move."""
    data = {"act": act.value, "to": after.state.value}
    return {"name": "OrderMoved", "about": order.about, "by_id": by, "org_id": order.org_id, "data": data}


def save_lines(lines: Any) -> list[list[Any]]:
    """Lines of a price or sheet as they are kept."""
    return [[line.name, line.amount_fen] for line in lines]
