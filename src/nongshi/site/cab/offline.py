"""The service worker as it is served: the built script, told which files it has to keep."""

import hashlib
import json

from nongshi.site.base.assets import FOLDER, asset_url, manifest

KEPT = ("base.css", "base.js", "cab.css", "cab.js", "map.css", "map.js")  # all that the pages below need
PAGES = ("/cab/", "/cab/hours/", "/cab/me/")


def worker_script() -> str:
    """The script; its bytes change whenever one of the files does, and phones then fetch them anew."""
    files = [asset_url(name) for name in KEPT]
    version = hashlib.sha256(" ".join(files).encode()).hexdigest()[:12]
    told = json.dumps({"version": version, "files": files, "pages": PAGES})
    built = (FOLDER / manifest()["sw.js"]["file"]).read_text(encoding="utf-8")
    return f"self.NONGSHI = {told};\n{built}"
