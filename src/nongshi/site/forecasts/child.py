"""What the worker has done in a process of its own, so that it can be stopped at once: forecasts, what-ifs, training.

No Django here: the process starts quickly and knows files and rooms only.
"""

import json
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from nongshi.core.errors import NongshiError

Tell = Callable[[float, str], None]  # share 0..1, words


def main(pipe: Connection, task: str, folder: str, given: Mapping[str, Any]) -> None:
    """Do a task and send what comes of it: ("step", share, words) on the way, then ("done", text) or ("fault", words).

    A fault that we name goes as its words; any other goes as its type and words.
    """

    def tell(share: float, words: str) -> None:
        pipe.send(("step", share, words))

    try:
        answer = TASKS[task](Path(folder), given, tell)
        pipe.send(("done", json.dumps(answer, ensure_ascii=False, default=str)))
    except NongshiError as fault:
        pipe.send(("fault", str(fault)))
    except Exception as fault:
        pipe.send(("fault", f"{type(fault).__name__}: {fault}"))
    finally:
        pipe.close()


def forecast(folder: Path, given: Mapping[str, Any], tell: Tell) -> Any:
    """season.json of a season folder: demand, shortage and prices."""
    from nongshi import api

    tell(0.02, "reading")
    found = api.read_season(folder)
    tell(0.05, "forecasting")
    return api.season_shortage(found, scenarios=given.get("scenarios"))


def whatif(folder: Path, given: Mapping[str, Any], tell: Tell) -> Any:
    """whatif.json of a season folder: `given["cases"]` as the site keeps them."""
    from nongshi import api
    from nongshi.forecast.whatif_cases import Case, change_of

    tell(0.02, "reading")
    found = api.read_season(folder)
    cases = [
        Case(name=case["name"], changes=tuple(change_of(one) for one in case["changes"])) for case in given["cases"]
    ]
    tell(0.05, "comparing")
    return api.season_whatif(found, cases)


def train(folder: Path, given: Mapping[str, Any], tell: Tell) -> Any:
    """training.json of a folder with courses, trainees, wishes and season.json."""
    from nongshi import api

    tell(0.05, "planning")
    return api.train(folder, cpu_s=float(given["cpu_s"]))


TASKS: Mapping[str, Callable[[Path, Mapping[str, Any], Tell], Any]] = {
    "forecast": forecast,
    "whatif": whatif,
    "train": train,
}
