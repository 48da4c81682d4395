"""Gathers everything that is wrong before anybody is told, so that a folder is mended in one go."""

from collections.abc import Sequence

from nongshi.core.errors import BadFiles, Fault


class Faults:
    """A growing list of faults; reading goes on behind each one."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def add(
        self,
        file: str,
        problem: str,
        mend: str,
        *,
        row: int | None = None,
        column: str | None = None,
        value: object = None,
    ) -> None:
        """Note one fault; a long value is cut, for it is only there to be found again."""
        shown = None if value is None else str(value)[:80]
        self._found.append(Fault(file=file, row=row, column=column, value=shown, problem=problem, mend=mend))

    def take(self, found: Sequence[Fault]) -> None:
        """Add faults that another reader of the same folder has told."""
        self._found.extend(found)

    def __len__(self) -> int:
        return len(self._found)

    def check(self, *, file_order: Sequence[str] = ()) -> None:
        """Raise all faults by file and row, or do nothing where there are none.

        Raises:
            BadFiles: at least one fault was noted.
        """
        if self._found:
            raise BadFiles(self.listed(file_order=file_order))

    def listed(self, *, file_order: Sequence[str] = ()) -> tuple[Fault, ...]:
        """All faults by file and row."""
        place = {name: i for i, name in enumerate(file_order)}
        return tuple(sorted(self._found, key=lambda fault: (place.get(fault.file, len(place)), fault.row or 0)))
