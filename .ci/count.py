"""Count the tests of JUnit files: reasons of skips and names of failures first, the plain count last.

    python .ci/count.py out/ci EXIT_CODE_OF_MAKE

Ends with 0 only if make ended well, at least one test ran, none failed and none was skipped.
"""

import sys
import xml.etree.ElementTree as ET
from pathlib import Path


def main(folder: Path, made: int) -> int:
    """Print what failed and what was skipped, then the count; the exit code of the whole run."""
    cases = [case for results in sorted(folder.glob("*.xml")) for case in ET.parse(results).iter("testcase")]
    if not cases:
        print("no test ran: a check before them failed, or pytest found none")
    failed = skipped = 0
    for case in cases:
        name = f"{case.get('classname')}::{case.get('name')}"
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
            print(f"failed: {name}")
        elif (skip := case.find("skipped")) is not None:
            skipped += 1
            print(f"skipped: {name}: {skip.get('message')}")
    print(f"{len(cases) - failed - skipped} passed, {failed} failed, {skipped} skipped", flush=True)
    return 0 if cases and not (failed or skipped or made) else made or 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), int(sys.argv[2])))
