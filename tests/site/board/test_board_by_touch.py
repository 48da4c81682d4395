"""The board under a finger, on a phone: a job held is carried to a machine; a finger that moves on only scrolls."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from tests.site.board.test_board_in_browser import draft, machine_of, movable, shown  # noqa: F401 - a fixture
from tests.site.browsing import opened, overflow, wait_until

from nongshi.site.base.models import User
from nongshi.site.plans.models import PlanRow

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Point = tuple[float, float]


class Finger:
    """One finger on the screen, as the browser's own events have it."""

    def __init__(self, page: Any) -> None:
        self._line = page.context.new_cdp_session(page)

    def _send(self, kind: str, *points: Point) -> None:
        touches = [{"x": x, "y": y} for x, y in points]
        self._line.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": touches})

    def down(self, at: Point) -> None:
        self._send("touchStart", at)

    def move(self, start: Point, end: Point, *, steps: int = 6) -> None:
        for step in range(1, steps + 1):
            share = step / steps
            self._send("touchMove", (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1])))

    def up(self) -> None:
        self._send("touchEnd")


def middle(place: Any) -> Point:
    box = place.bounding_box()
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@contextmanager
def agenda(browser: Any, server: Any, plan: PlanRow, job_id: str) -> Iterator[tuple[Any, Any]]:
    """The page on a phone, at the day of a job; the job's button."""
    with opened(browser, server, user=User.objects.get(username="dispatcher"), size="phone", language="en") as page:
        shown(page, server, plan)
        day, stop = page.evaluate(
            "(id) => { const [stop] = window.nongshiBoard.board.byId.get(id).stops;"
            " return [Math.floor(stop.start / 1440), stop.index]; }",
            job_id,
        )
        page.locator("[data-view=agenda]").click()
        page.locator(".a-days .chip").nth(day).click()
        button = page.locator(f'.a-card [data-stop="{stop}"]')
        button.evaluate("(one) => one.scrollIntoView({ block: 'center' })")
        yield page, button


def test_a_job_held_by_a_finger_goes_to_the_machine_it_is_dropped_on(
    browser: Any,
    live_server: Any,
    draft: PlanRow,  # noqa: F811
) -> None:
    job_id, _, other = movable(draft)
    with agenda(browser, live_server, draft, job_id) as (page, button):
        finger, start = Finger(page), middle(button)
        finger.down(start)
        wait_until(page, "document.querySelectorAll('.g-best.sheet .g-target').length > 0")
        index = page.evaluate("(id) => window.nongshiBoard.board.machineById.get(id).index", other)
        target = page.locator(f'.g-best.sheet .g-target[data-machine="{index}"]')
        assert target.bounding_box()["height"] >= 48
        finger.move(start, middle(target))
        assert page.locator(".g-target.on").count() == 1
        assert "yuan" in page.locator(".g-flag").inner_text()
        assert overflow(page) == 0
        finger.up()
        wait_until(page, "window.nongshiBoard.board.version === 2")
        assert machine_of(draft, job_id) == {other}
        assert page.locator(".g-best").is_hidden()
        assert page.evaluate("window.nongshiBoard.board.selected.size") == 0  # the drop is no tap


def test_a_finger_that_moves_on_scrolls_and_carries_nothing(
    browser: Any,
    live_server: Any,
    draft: PlanRow,  # noqa: F811
) -> None:
    job_id, was, _ = movable(draft)
    with agenda(browser, live_server, draft, job_id) as (page, button):
        finger, start = Finger(page), middle(button)
        finger.down(start)
        finger.move(start, (start[0], start[1] - 120))
        page.wait_for_timeout(500)  # longer than a finger has to be held
        assert page.evaluate("window.nongshiBoard.carrier.job") is None
        finger.up()
        assert machine_of(draft, job_id) == {was}
        assert page.evaluate("window.nongshiBoard.board.version") == 1
