"""The bar: on stderr, and only where stderr is a terminal."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from nongshi.cli.options import Lang
from nongshi.cli.texts import TEXTS, text
from nongshi.core.units import yuan

if TYPE_CHECKING:
    from nongshi.dispatch.run import Step

OnStep = Callable[["Step"], None]


@contextmanager
def bar(lang: Lang, phase: str) -> Iterator[OnStep | None]:
    """Show a search while it runs; gives what to call at each step, or None where nobody watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.fields[phase]}"), BarColumn(bar_width=24), TextColumn("{task.description}"))
    console = Console(stderr=True, highlight=False)
    with Progress(*columns, console=console, transient=True) as progress:
        task = progress.add_task("", total=1.0, phase=phase_text(lang, phase))

        def on_step(step: "Step") -> None:
            progress.update(
                task, completed=step.share, description=describe(step, lang), phase=phase_text(lang, step.phase)
            )

        yield on_step


def phase_text(lang: Lang, phase: str) -> str:
    """A phase in words; one that has none yet as it is."""
    key = f"phase_{phase}"
    return text(lang, key) if key in TEXTS else phase


def describe(step: "Step", lang: Lang) -> str:
    """Best value, bound and gap so far, and the CPU seconds they took."""
    missing = text(lang, "unknown")
    best = missing if step.best_fen is None else f"{yuan(step.best_fen):,.0f}"
    bound = missing if step.bound_fen is None else f"{yuan(step.bound_fen):,.0f}"
    gap = missing
    if step.best_fen is not None and step.best_fen > 0 and step.bound_fen is not None:
        gap = f"{step.bound_fen / step.best_fen - 1:.1%}"
    return text(lang, "bar", best=best, bound=bound, gap=gap, cpu_s=f"{step.cpu_s:.1f}")
