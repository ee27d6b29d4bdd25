"""Drawings that a page carries in itself."""

import io

import segno
from markupsafe import Markup


def qr_code(address: str, *, for_wall: bool = False) -> Markup:
    """A QR code as a drawing inside the page, black on white; ``for_wall`` takes its size from the style sheet."""
    drawn = io.BytesIO()
    look = {"xmldecl": False, "svgns": True, "border": 2, "dark": "#000", "light": "#fff", "nl": False}
    size = {"omitsize": True, "svgclass": "wall-qr"} if for_wall else {"scale": 6}
    segno.make(address, error="m").save(drawn, kind="svg", **look, **size)
    return Markup(drawn.getvalue().decode())
