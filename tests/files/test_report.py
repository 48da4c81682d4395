import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.files.sample_plan import at, phone_plan, small_plan, small_region

from nongshi.core.plan import Reason
from nongshi.files.report import SCRIPTS, make_report, write_report
from nongshi.files.report_words import REPORT_WORDS
from nongshi.files.texts import CLASSES, LICENCES, OPERATIONS, REASONS

PAGE = Path(__file__).parents[2] / "src/nongshi/files/report_page"


def data_of(html: str) -> Any:
    found = re.search(r'<script id="data" type="application/json">(.*?)</script>', html, re.S)
    assert found is not None
    return json.loads(found[1])


@pytest.fixture(scope="module")
def html() -> str:
    region = small_region()
    return make_report(region, small_plan(region), baseline=phone_plan(region))


def test_the_page_asks_for_nothing_outside_itself(html: str) -> None:
    outside = [url for url in re.findall(r"https?://[^\s\"'<>)]+", html) if url != "http://www.w3.org/2000/svg"]
    assert outside == []
    assert re.findall(r"(?:src|href)\s*=\s*[\"'](?!#|data:)", html) == []
    assert "@import" not in html
    assert "url(" not in html


def test_a_field_called_script_cannot_leave_the_data(html: str) -> None:
    inside = html.split('type="application/json">')[1].split("</script>")[0]
    assert "<" not in inside  # so that no closing tag can be spelt, nor a comment begun
    assert html.count("</script>") == 2  # the data and the page's own
    names = [field[1] for field in data_of(html)["fields"]]
    assert "<script>alert('x')</script>" in names  # nothing of the name is lost


def test_a_field_called_like_a_slot_of_the_template_is_only_a_name() -> None:
    region = small_region()
    odd = replace(region, fields=(replace(region.fields[0], name="/*SCRIPT*/ /*STYLE*/"), *region.fields[1:]))
    assert data_of(make_report(odd, small_plan(odd)))["fields"][0][1] == "/*SCRIPT*/ /*STYLE*/"


def test_every_word_the_page_uses_stands_in_both_languages() -> None:
    source = "".join((PAGE / name).read_text(encoding="utf-8") for name in (*SCRIPTS, "report.html"))
    used = set(re.findall(r"\bt\(\"(\w+)\"", source)) | set(re.findall(r"data-t=\"(\w+)\"", source))
    assert len(used) > 60
    assert used - REPORT_WORDS.keys() == set()
    never = {key for key in REPORT_WORDS if f'"{key}"' not in source and f" {key}:" not in source}
    assert never == set()


@pytest.mark.parametrize("words", [REPORT_WORDS, OPERATIONS, CLASSES, LICENCES, REASONS])
def test_both_languages_say_something_with_the_same_blanks(words: dict[str, tuple[str, str]]) -> None:
    for key, (zh, en) in words.items():
        assert zh.strip(), key
        assert en.strip(), key
        if key != "month_day":  # a day is spelt with different parts
            assert set(re.findall(r"{\w+}", zh)) == set(re.findall(r"{\w+}", en)), key


def test_every_reason_has_words() -> None:
    assert set(REASONS) == {reason.value for reason in Reason}


@pytest.mark.parametrize("synthetic", [True, False])
def test_generated_data_says_so_and_real_data_does_not(synthetic: bool) -> None:
    region = small_region(synthetic=synthetic)
    assert data_of(make_report(region, small_plan(region)))["region"]["synthetic"] is synthetic


def test_numbers_in_the_page_are_the_plans_own(html: str) -> None:
    region = small_region()
    plan, data = small_plan(region), data_of(html)
    shown = data["plan"]
    assert plan.bound is not None
    assert shown["objective_yuan"] == round(plan.objective_fen) / 100
    assert shown["bound_yuan"] == round(plan.bound.bound_fen) / 100
    assert shown["gap"] == plan.gap
    assert (shown["km"], shown["area_ha"], shown["jobs_served"]) == (plan.totals.km, 25.0, 11)
    assert data["base"]["objective_yuan"] == round(phone_plan(region).objective_fen) / 100
    assert sum(stop["loss"] for stop in data["stops"]) == pytest.approx(shown["loss_yuan"], abs=0.1)


def test_times_go_in_as_wall_minutes_and_a_night_cuts_the_work(html: str) -> None:
    second = data_of(html)["stops"][1]
    assert second["t"][2] == 13 * 60 + 33  # 13:33 in the region, wherever the browser is
    assert second["worked"] == [[813, 1020], [1440 + 420, 1440 + 546]]  # to 17:00 (10 h), then from 07:00


def test_an_unserved_job_keeps_its_reason_in_both_languages(html: str) -> None:
    [[job_id, reason, text_zh, text]] = data_of(html)["unserved"]
    assert (job_id, reason) == ("J11", "no_machine")
    assert text_zh != text


def test_a_plan_without_bound_or_baseline_still_makes_a_page() -> None:
    region = small_region()
    data = data_of(make_report(region, replace(small_plan(region), bound=None)))
    assert data["base"] is None
    assert data["plan"]["bound_yuan"] is None


def test_a_page_of_three_thousand_fields_stays_under_four_megabytes(tmp_path: Path) -> None:
    small = small_region()
    fields = tuple(replace(small.fields[i % 11], id=f"F{i}", name=f"廊下村{i}号田") for i in range(3000))
    jobs = tuple(replace(small.jobs[0], id=f"J{i}", field_id=f"F{i % 3000}", due=at(3, 18)) for i in range(4000))
    region = replace(small, fields=fields, jobs=jobs)
    write_report(tmp_path / "report.html", region, small_plan(region))
    assert (tmp_path / "report.html").stat().st_size < 4_000_000
