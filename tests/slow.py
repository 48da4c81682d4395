"""Tests that take long, by the beginning of their names: `make test` leaves them out, `make test-all` runs them.

The main path of every desk stays in `make test`; here stand the same pages at more sizes and in the other language,
walks over the whole site, long random runs, and kills.
"""

SLOW: tuple[str, ...] = (
    "tests/cli/test_bench_board.py::test_a_small_board_is_measured",
    "tests/site/api/test_fuzz.py",
    "tests/site/auditor/test_in_browser.py",
    "tests/site/board/test_board_in_browser.py::test_a_breakdown",
    "tests/site/board/test_board_in_browser.py::test_a_job_is_moved_by_the_keys",
    "tests/site/board/test_board_in_browser.py::test_machines_stand",
    "tests/site/board/test_board_in_browser.py::test_on_a_phone",
    "tests/site/board/test_board_in_browser.py::test_pages_beside",
    "tests/site/board/test_board_in_browser.py::test_the_board_fits",
    "tests/site/board/test_board_in_browser.py::test_two_dispatchers",
    "tests/site/board/test_board_by_touch.py::test_a_finger",
    "tests/site/cab/test_in_browser.py::test_pages_fit",
    "tests/site/cab/test_offline.py::test_a_problem_with_its_photo",
    "tests/site/cab/test_offline.py::test_a_server_killed",
    "tests/site/cab/test_offline.py::test_an_sos",
    "tests/site/cab/test_offline.py::test_one_report_sent_eight_times",
    "tests/site/cab/test_offline.py::test_signing_out",
    "tests/site/farmer/test_farmer_in_browser.py::test_the_page_of_a_job",
    "tests/site/feeds/test_pages.py::test_pages_fit",
    "tests/site/orders/test_in_browser.py",
    "tests/site/orders/test_kill.py",
    "tests/site/orders/test_stateful.py",
    "tests/site/owner/test_in_browser.py::test_pages_fit",
    "tests/site/register/test_in_browser.py::test_every_page_is_sound",
    "tests/site/api/test_canary.py::test_no_page_and_no_answer_tells_it[auditor]",
    "tests/site/api/test_canary.py::test_no_page_and_no_answer_tells_it[farmer]",
    "tests/site/orders/test_many.py::test_together_is_as_one",
    "tests/site/trials/test_trials.py::test_a_hundred",
    "tests/site/trials/test_trials.py::test_load",
    "tests/site/test_every_page.py::test_every_page_of_a_role",
)
