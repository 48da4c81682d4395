"""What the tests' workers do; in a module of its own, so that a fresh process finds it."""

import os
import time
from pathlib import Path

import numpy as np


def double(number: int) -> int:
    return 2 * number


def slow_first(number: int) -> int:
    time.sleep(0.3 if number == 0 else 0.0)
    return number


def total(values: np.ndarray) -> float:
    return float(values.sum())


def process_id(_: int) -> int:
    return os.getpid()


def refuse_three(number: int) -> int:
    if number == 3:
        raise ValueError("three is refused")
    return number


def die_on_three(number: int) -> int:
    if number == 3:
        os._exit(9)
    return number


def die_once(task: tuple[int, str]) -> int:
    """Kills the process of task 3 the first time: the mark stands in a file."""
    number, mark = task
    if number == 3 and not Path(mark).exists():
        Path(mark).write_text("died")
        os._exit(9)
    return number
