"""Files as people and attackers send them, made in memory."""

import io
import struct
import zipfile
import zlib

from PIL import Image

HTML = b"<!doctype html><script>alert(1)</script>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600


def photo(width=640, height=480, *, form="JPEG", orientation=None, gps=False, colour=(200, 90, 40)) -> bytes:
    """A picture, whose left third is black, with the facts that a phone adds."""
    image = Image.new("RGB", (width, height), colour)
    image.paste((0, 0, 0), (0, 0, width // 3, height))
    facts = Image.Exif()
    if orientation:
        facts[0x0112] = orientation
    if gps:
        facts[0x010F] = "PHONEMAKER"
        facts[0x8825] = {1: "N", 2: (24.0, 54.0, 12.0), 3: "E", 4: (118.0, 35.0, 0.0)}
    out = io.BytesIO()
    image.save(out, form, exif=facts)
    return out.getvalue()


def huge_png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


def office(main: str = "word/document.xml", **more: bytes) -> bytes:
    """A zip-based document with these further parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", "<Types/>")
        packed.writestr(main, "<document/>")
        for name, content in more.items():
            packed.writestr(name, content)
    return out.getvalue()


def lying_zip() -> bytes:
    """A document whose list says that a part is small, and whose part is not."""
    data = office(**{"word/media/a.bin": b"\x00" * 3_000_000})
    honest = struct.pack("<I", 3_000_000)
    return data.replace(honest, struct.pack("<I", 1_000))
