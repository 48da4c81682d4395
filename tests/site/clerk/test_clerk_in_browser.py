"""The grid in a browser: text to posted jobs, with keys, kept over a reload; both sizes, both languages."""

from typing import Any

import pytest
from tests.site import axe
from tests.site.browsing import opened, overflow, small_targets, wait_until

from nongshi.site.base.models import User
from nongshi.site.jobs.models import FieldJob
from nongshi.site.register.models import Field

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROWS = "document.querySelectorAll('#grid tbody tr').length"
REFUSED = ("422",)  # the browser's own word of an answer that is meant


@pytest.fixture
def clerk() -> Any:
    from nongshi.site.demo import make_demo

    make_demo(fields=20)
    return User.objects.get(username="clerk")


def lines() -> tuple[str, int]:
    """A line for each field of the clerk's cooperative, for work that nobody asked for yet."""
    fields = list(Field.objects.filter(org__code="langxia-coop").order_by("pk")[:6])
    return "\n".join(f"{f.grower.name} {f.name} 打捆 明后天" for f in fields), len(fields)


@pytest.mark.parametrize(("size", "language"), [("desk", "zh"), ("phone", "zh"), ("desk", "en"), ("phone", "en")])
def test_text_is_read_mended_and_posted(browser: Any, live_server: Any, clerk: Any, size: str, language: str) -> None:
    text, count = lines()
    before = FieldJob.objects.count()
    with opened(browser, live_server, user=clerk, size=size, language=language, expected=REFUSED) as page:
        page.goto(f"{live_server.url}/clerk/")
        assert axe.serious(page) == []
        page.fill("#text", text + "\n赵六 西塘 5亩 打捆 明后天")
        page.click("#read")
        page.wait_for_selector("td.price b")
        assert page.evaluate(ROWS) == count + 1
        assert overflow(page) == 0
        assert axe.serious(page) == []
        if size == "phone":
            assert small_targets(page) == []
        page.reload()
        wait_until(page, f"{ROWS} === {count + 1}")
        page.click("#post")
        page.wait_for_selector("#fault:not([hidden])")
        assert FieldJob.objects.count() == before
        page.click("td.place .say button")  # make grower and field
        page.click("label.chip:has(input[value=wechat])")
        wait_until(page, "document.querySelectorAll('td.fault').length === 0")
        page.click("#post")
        page.wait_for_url("**/clerk/jobs/**")
        assert overflow(page) == 0
        assert axe.serious(page) == []
        if size == "phone":
            assert small_targets(page) == []
        page.goto(f"{live_server.url}/clerk/")
        assert page.evaluate(ROWS) == 0
    assert FieldJob.objects.count() == before + count + 1
    assert Field.objects.get(name="西塘").grower.name == "赵六"


def test_cells_are_reached_and_copied_with_keys_and_a_sheet_is_pasted(
    browser: Any, live_server: Any, clerk: Any
) -> None:
    with opened(browser, live_server, user=clerk) as page:
        page.goto(f"{live_server.url}/clerk/")
        page.click("#add")
        page.keyboard.type("G0001")
        page.keyboard.press("Enter")
        assert page.evaluate(ROWS) == 2
        page.keyboard.press("Control+d")
        assert page.input_value("[data-row='1'][data-column=grower]") == "G0001"
        page.keyboard.press("ArrowUp")
        page.keyboard.press("End")
        page.keyboard.press("ArrowRight")
        assert page.evaluate("document.activeElement.dataset.column") == "place"
        page.evaluate(
            """() => {
              const data = new DataTransfer();
              data.setData("text/plain", "姓名\\t田块\\t亩数\\t作业\\t截止\\n张三\\t东塘\\t5\\t打捆\\t12月3日\\n李四\\t西塘\\t6\\t旋耕\\t12月3日");
              document.activeElement.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
            }"""  # noqa: E501
        )
        wait_until(page, f"{ROWS} === 4")
        assert page.input_value("[data-row='0'][data-column=grower]") == "张三"


def test_neighbours_are_pooled_by_one_click(browser: Any, live_server: Any, clerk: Any) -> None:
    first, second = Field.objects.filter(org__code="langxia-coop").order_by("pk")[:2]
    Field.objects.filter(pk=second.pk).update(outline=None, gate_lon=first.gate_lon, gate_lat=first.gate_lat)
    text = f"{first.name} 打捆 明天\n{second.name} 打捆 明后天"
    with opened(browser, live_server, user=clerk, language="en") as page:
        page.goto(f"{live_server.url}/clerk/")
        page.fill("#text", text)
        page.click("#read")
        page.click("#rounds li button")
        wait_until(page, "document.querySelectorAll('tr.pooled').length === 2")
        days = page.evaluate("[...document.querySelectorAll('td.until input')].map((one) => one.value)")
        assert len(set(days)) == 1
        page.click("label.chip:has(input[value=phone])")
        page.click("#post")
        page.wait_for_url("**/clerk/jobs/**")
    pools = set(FieldJob.objects.filter(operation="bale", field__in=[first, second]).values_list("pool", flat=True))
    assert len(pools) == 1
    assert pools != {""}
