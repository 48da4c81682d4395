"""Region folders as zip files: packed, and unpacked with a limit on everything."""

import io
import zipfile
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from nongshi import api
from nongshi.core.errors import BadInput
from nongshi.core.region import Region
from nongshi.files.region_reader import FILE_ORDER

BYTES_MAX = 20 * 2**20  # of the zip
UNPACKED_MAX = 100 * 2**20  # of all its files; a folder of 20,000 fields has about 15 MB
ENTRIES_MAX = 200
PART = 2**16
ENCRYPTED = 0x1


def pack(region: Region, folder: Path) -> bytes:
    """A region as the zip of its folder; `folder` is an empty place to write in."""
    api.write_region(region, folder)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(folder.iterdir()):
            packed.write(path, f"region/{path.name}")
    return buffer.getvalue()


def unpack(data: bytes, folder: Path, names: Collection[str] = FILE_ORDER) -> None:
    """Write the files of a region folder (or those of other `names`), and no others, into an empty folder.

    Only names that a region folder has are taken, by their last part, so that nothing can be written elsewhere; bytes
    are counted while they come, whatever the zip says of itself.

    Raises:
        BadInput: no zip, too large, encrypted, or the same file twice.
    """
    if len(data) > BYTES_MAX:
        raise BadInput(f"the file is larger than {BYTES_MAX // 2**20} MB; leave out what is no region folder")
    left = UNPACKED_MAX
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = packed.infolist()
            if len(entries) > ENTRIES_MAX:
                raise BadInput(f"the zip holds more than {ENTRIES_MAX} files; pack the region folder alone")
            for entry in entries:
                path = PurePosixPath(entry.filename.replace("\\", "/"))
                if entry.is_dir() or path.name not in names or ".." in path.parts or "__MACOSX" in path.parts:
                    continue
                if entry.flag_bits & ENCRYPTED:
                    raise BadInput("the zip is encrypted; pack it again without a password")
                if (folder / path.name).exists():
                    raise BadInput(f"the zip holds {path.name} twice; pack one region folder alone")
                left = _copy(packed, entry, folder / path.name, left)
    except BadInput:
        raise
    except (zipfile.BadZipFile, zipfile.LargeZipFile, EOFError, OSError, ValueError, RuntimeError) as error:
        raise BadInput("the file is no zip that can be read; pack the region folder again") from error
    except Exception as error:  # zlib and its kin raise errors of their own
        raise BadInput("the zip is damaged; pack the region folder again") from error


def _copy(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, to: Path, left: int) -> int:
    with packed.open(entry) as source, to.open("wb") as target:
        while part := source.read(PART):
            left -= len(part)
            if left < 0:
                raise BadInput(f"the zip holds more than {UNPACKED_MAX // 2**20} MB; it is no region folder")
            target.write(part)
    return left
