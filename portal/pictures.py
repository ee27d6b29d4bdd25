"""Drawings that a page carries in itself."""

import io

import segno
from markupsafe import Markup


def qr_code(address: str) -> Markup:
    """A QR code as a drawing inside the page, black on white."""
    drawn = io.BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=True, scale=6, border=2, dark="#000", light="#fff", nl=False
    )
    return Markup(drawn.getvalue().decode())
