"""The board as somebody uses it: with the mouse, with the keys, on a phone, and beside somebody else."""

from typing import Any

import pytest
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets, wait_until
from tests.site.world import plan_season

from nongshi.site.base.models import User
from nongshi.site.base.scope import EVERYTHING
from nongshi.site.plans import drafts, edits, replans, services
from nongshi.site.plans.models import Notice, PlanRow, PlanState
from nongshi.site.work.models import Run

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
READY = "document.getElementById('board')?.dataset.ready === '1'"


@pytest.fixture
def draft() -> PlanRow:
    """A planned season with enough machines to choose from."""
    from nongshi.site.demo import make_demo

    drafts._kept.clear()
    season = make_demo(fields=70)[0]
    return plan_season(season, publish=False)


def shown(page: Any, server: Any, plan: PlanRow) -> None:
    page.goto(f"{server.url}/board/plan/{plan.pk}/")
    wait_until(page, READY)


def movable(plan: PlanRow) -> tuple[str, str, str]:
    """(job, its machine, another that can take it)."""
    loaded = drafts.load(PlanRow.objects.select_related("season").get(pk=plan.pk))
    for route in loaded.plan.routes:
        for stop in route.stops:
            offers = loaded.lift(stop.job_id)[0].best_by_machine(loaded.region.job_of[stop.job_id])
            other = next((m for m in offers if m != route.machine_id), None)
            if other:
                return stop.job_id, route.machine_id, other
    pytest.fail("no job can go anywhere else")


def machine_of(plan: PlanRow, job_id: str) -> set[str]:
    plan.refresh_from_db()
    return {r.machine_id for r in services.plan_of(plan).routes for s in r.stops if s.job_id == job_id}


def bar(page: Any, job_id: str) -> Any:
    """The first bar of a job, brought into sight."""
    number = page.evaluate(
        """(id) => { const { board, gantt } = window.nongshiBoard; const stop = board.byId.get(id).stops[0];
           gantt.show(stop); return stop.index; }""",
        job_id,
    )
    return page.locator(f'[data-stop="{number}"]')


def row_of(page: Any, machine_id: str) -> Any:
    number = page.evaluate(
        "(id) => { const { board } = window.nongshiBoard; return board.machineById.get(id).index; }", machine_id
    )
    return page.locator(f'.g-machine[data-machine="{number}"]')


def test_a_job_is_dragged_to_another_machine_and_the_drag_undone(
    browser: Any, live_server: Any, draft: PlanRow
) -> None:
    job_id, was, other = movable(draft)
    with opened(browser, live_server, user=User.objects.get(username="dispatcher"), language="en") as page:
        shown(page, live_server, draft)
        page.evaluate("document.querySelector('[data-part=mapfold]').click()")
        at = bar(page, job_id).bounding_box()
        page.mouse.move(at["x"] + 3, at["y"] + 8)
        page.mouse.down()
        page.mouse.move(at["x"] + 20, at["y"] + 20, steps=4)
        wait_until(page, "document.querySelectorAll('.g-row.can').length > 0")
        wait_until(page, "document.querySelectorAll('.g-row:not(.can):not(.cannot)').length === 0")
        page.evaluate(
            "(id) => { const { board, gantt } = window.nongshiBoard;"
            " gantt.showRow(gantt.rowOf.get(board.machineById.get(id).index)); }",
            other,
        )
        to = row_of(page, other).bounding_box()
        page.mouse.move(to["x"] + 60, to["y"] + 20, steps=6)
        assert page.locator(".g-row.target.can").count() == 1
        assert "yuan" in page.locator(".g-flag").inner_text()
        page.mouse.up()
        wait_until(page, "window.nongshiBoard.board.version === 2")
        assert machine_of(draft, job_id) == {other}
        wait_until(page, "!document.getElementById('undo').disabled")
        page.locator("#undo").click()
        wait_until(page, "window.nongshiBoard.board.version === 3")
        assert was in machine_of(draft, job_id)
        wait_until(page, "!document.getElementById('redo').disabled")


def test_a_job_is_moved_by_the_keys_alone(browser: Any, live_server: Any, draft: PlanRow) -> None:
    job_id, _, _ = movable(draft)
    with opened(browser, live_server, user=User.objects.get(username="dispatcher")) as page:
        shown(page, live_server, draft)
        bar(page, job_id).focus()
        before = page.evaluate("document.activeElement.dataset.stop")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowLeft")
        assert page.evaluate("document.activeElement.dataset.stop") == before
        page.keyboard.press("m")
        wait_until(page, "document.querySelectorAll('.g-row.target').length === 1")
        here = page.evaluate("window.nongshiBoard.carrier.aimed.id")
        page.keyboard.press("ArrowDown")
        aimed = page.evaluate("window.nongshiBoard.carrier.aimed.id")
        assert aimed != here
        assert page.locator("[data-part=live]").inner_text()
        page.keyboard.press("Enter")
        wait_until(page, "window.nongshiBoard.board.version === 2")
        assert machine_of(draft, job_id) == {aimed}


def test_machines_stand_on_the_map_and_in_a_list_as_they_are_now(
    browser: Any, live_server: Any, draft: PlanRow
) -> None:
    with opened(browser, live_server, user=User.objects.get(username="dispatcher"), language="en") as page:
        shown(page, live_server, draft)
        wait_until(page, "document.querySelector('#tab-now') !== null")
        assert page.locator("[data-part=made]").is_visible()  # the demo's are generated, and said to be
        page.locator("#tab-now").click()
        rows = page.locator("#side-list .s-item")
        assert rows.count() == page.evaluate("window.nongshiBoard.board.machines.length")
        assert "generated position" in rows.first.inner_text()
        assert rows.locator(".badge", has_text="silent").count() > 0
        assert axe.serious(page) == []
        rows.first.click()
        assert "silent" in page.locator("[data-now]").inner_text()
        assert "ago" in page.locator("[data-now]").inner_text()
        assert overflow(page) == 0


def test_two_dispatchers_see_each_other_and_overwrite_nothing(browser: Any, live_server: Any, draft: PlanRow) -> None:
    job_id, _, other = movable(draft)
    user = User.objects.get(username="dispatcher")
    with opened(browser, live_server, user=user, language="en", expected=("409",)) as page:
        shown(page, live_server, draft)
        second = draft_of(draft)
        edits.drop(EVERYTHING, draft.pk, 1, [second])
        page.evaluate(
            "([job, machine]) => window.nongshiBoard.carrier.onDone({do: 'move', jobs: [job], machine})",
            [job_id, other],
        )
        wait_until(page, "window.nongshiBoard.board.version === 2")
        wait_until(page, "document.querySelector('.toast.late') !== null")
        assert job_id in {s.job_id for r in services.plan_of(draft).routes for s in r.stops}
        draft.refresh_from_db()
        assert draft.version == 2
        edits.pin_jobs(EVERYTHING, draft.pk, 2, [job_id], on=True)
        wait_until(page, "window.nongshiBoard.board.version === 3")  # by itself, within some seconds


def draft_of(plan: PlanRow) -> str:
    """A job for which no other waits."""
    whole = services.plan_of(plan)
    return whole.routes[-1].stops[-1].job_id


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("desk", "en"), ("phone", "zh"), ("phone", "en")])
def test_the_board_fits_and_can_be_used_by_everybody(
    browser: Any, live_server: Any, draft: PlanRow, size: str, language: str
) -> None:
    user = User.objects.get(username="dispatcher")
    with opened(browser, live_server, user=user, size=size, language=language) as page:
        shown(page, live_server, draft)
        page.wait_for_timeout(300)
        assert overflow(page) == 0
        assert axe.serious(page) == []
        if size == "phone":
            assert small_targets(page) == []
            page.locator("[data-view=agenda]").click()
            assert axe.serious(page) == []
            assert small_targets(page) == []
            page.locator(".a-card .s-stop").first.click()
        else:
            page.locator(".g-bar").first.click()
        wait_until(page, "document.querySelectorAll('.s-place, .b-side .soft').length > 0")
        wait_until(page, "document.querySelectorAll('.b-side .spin').length === 0")
        assert overflow(page) == 0
        assert axe.serious(page) == []
        if size == "phone":
            assert small_targets(page) == []


def test_on_a_phone_a_job_goes_to_one_of_its_best_places(browser: Any, live_server: Any, draft: PlanRow) -> None:
    job_id, _, _ = movable(draft)
    with opened(browser, live_server, user=User.objects.get(username="dispatcher"), size="phone") as page:
        shown(page, live_server, draft)
        page.evaluate("(id) => window.nongshiBoard.board.select(id)", job_id)
        wait_until(page, "document.querySelectorAll('.s-place').length > 0")
        name = page.locator(".s-place b").nth(1).inner_text()
        page.locator(".s-place").nth(1).click()
        wait_until(page, "window.nongshiBoard.board.version === 2")
        assert machine_of(draft, job_id) == {name}


def test_a_breakdown_is_said_planned_and_published(browser: Any, live_server: Any, draft: PlanRow) -> None:
    machine_id = services.plan_of(draft).routes[0].machine_id
    services.publish(EVERYTHING, draft.pk, draft.version)
    with opened(browser, live_server, user=User.objects.get(username="dispatcher"), language="en") as page:
        shown(page, live_server, draft)
        page.locator("summary", has_text="Disruption").click()
        page.get_by_role("link", name="Breakdown").click()
        page.locator("select[name=machine]").select_option(machine_id)
        page.get_by_role("button", name="Plan again").click()
        page.wait_for_url("**/board/run/*/")
        run = Run.objects.get(kind="replan")
        result = replans.make_replan({**run.given, "iterations": 60}, lambda share, words: None)
        Run.objects.filter(pk=run.pk).update(state="done", result=dict(result))
        page.wait_for_url("**/changes/")
        assert axe.serious(page) == []
        page.get_by_role("link", name="To the board").click()
        wait_until(page, READY)
        page.get_by_role("link", name="Publish").click()
        told = Notice.objects.count()
        page.get_by_role("button", name="Publish").click()
        page.wait_for_url("**/board/plan/*/")
        wait_until(page, READY)
        assert PlanRow.objects.get(state=PlanState.PUBLISHED).pk == result["plan"]
        assert Notice.objects.count() >= told


@pytest.mark.parametrize(("size", "language"), [("desk", "en"), ("phone", "zh")])
@pytest.mark.parametrize("path", ["publish/", "compare/", "sheets/", "disrupt/noshow/", "table/"])
def test_pages_beside_the_board_fit(
    browser: Any, live_server: Any, draft: PlanRow, size: str, language: str, path: str
) -> None:
    edits.copy_draft(EVERYTHING, draft.pk)
    user = User.objects.get(username="dispatcher")
    with opened(browser, live_server, user=user, size=size, language=language) as page:
        page.goto(f"{live_server.url}/board/plan/{draft.pk}/{path}")
        assert overflow(page) == 0
        assert axe.serious(page) == []
        if size == "phone":
            assert small_targets(page) == []
