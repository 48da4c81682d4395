"""A certificate as PDF: who passed which course, until when it holds, a QR code to check it. Words by the caller."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import as_file, files
from io import BytesIO
from typing import Any

import segno
import typst


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateWords:
    """All that the certificate says."""

    title: str
    name: str
    lead: str
    facts: Sequence[tuple[str, str]]
    address: str  # what the QR code leads to
    check: str  # beside it: how to check
    foot: str
    lang: str = "zh"
    synthetic_word: str = ""  # not empty: generated data, said so on the sheet


def make_certificate(words: CertificateWords) -> bytes:
    """The PDF, one A5 page lying; the same words make the same bytes."""
    picture = BytesIO()
    segno.make(words.address, micro=False, error="m").save(picture, kind="svg", border=2, xmldecl=False)
    data = asdict(words) | {"qr": picture.getvalue().decode()}
    source = files("nongshi.files")
    with as_file(source / "certificate.typ") as template, as_file(source / "fonts") as fonts:
        options: dict[str, Any] = {
            "font_paths": [str(fonts)],
            "ignore_system_fonts": True,
            "sys_inputs": {"data": json.dumps(data, ensure_ascii=False)},
        }
        pdf: Any = typst.Compiler(str(template), root=str(template.parent), **options).compile(
            format="pdf", timestamp=0
        )
    return bytes(pdf)
