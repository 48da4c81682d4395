"""Segmentation models as files: the one that ships with the package, and one's own."""

from functools import cache
from importlib.resources import files as package_files
from pathlib import Path

from nongshi.core.errors import NotFound
from nongshi.files.whole import write_whole
from nongshi.tracks.segment_trees import Forest, forest_text, make_forest

PACKAGED = "models/segment.txt"


@cache
def packaged_model() -> Forest:
    """The model that ships: learned from simulated days alone; its card stands at its top."""
    return make_forest(package_files("nongshi.files").joinpath(PACKAGED).read_text(encoding="utf-8"))


def read_model(path: Path) -> Forest:
    """A model that `nongshi track train` wrote.

    Raises:
        NotFound: no such file.
        BadInput: it is none, or damaged.
    """
    if not path.is_file():
        raise NotFound(f"there is no model {path}; nongshi track train makes one")
    return make_forest(path.read_text(encoding="utf-8", errors="replace"))


def write_model(path: Path, forest: Forest) -> None:
    """The model as text, whole or not at all."""
    write_whole(path, forest_text(forest))
