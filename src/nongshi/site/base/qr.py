"""QR codes as SVG that stands in the page."""

import io

import segno
from django.utils.safestring import SafeString, mark_safe


def qr_svg(text: str, *, scale: int = 5) -> SafeString:
    """A QR code; dark on white whatever the page's colours are."""
    out = io.BytesIO()
    segno.make(text, error="m").save(
        out, kind="svg", scale=scale, xmldecl=False, svgns=False, light="#fff", svgclass="qr"
    )
    return mark_safe(out.getvalue().decode())
