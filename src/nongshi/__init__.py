"""Nongshi 农时: the right machine, with a licensed operator, onto the right field inside its farming window.

    >>> import nongshi
    >>> region = nongshi.make_region(fields=20, machines=None, load=0.6, season="rice-harvest", seed=1)
    >>> region.horizon_days
    14

What stands here comes from :mod:`nongshi.api` and is loaded when first asked for, so `import nongshi` is cheap.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nongshi.api import (
        Plan,
        check_plan,
        make_region,
        read_plan,
        read_region,
        solve,
        write_day_sheets,
        write_region,
        write_report,
        write_workbook,
    )

__all__ = [
    "Plan",
    "check_plan",
    "make_region",
    "read_plan",
    "read_region",
    "solve",
    "write_day_sheets",
    "write_region",
    "write_report",
    "write_workbook",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("nongshi")
    if name in __all__:
        from nongshi import api

        return getattr(api, name)
    raise AttributeError(f"module 'nongshi' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), "__version__"])
