"""Pages go over the wire compressed, so that a school without a proxy in front sends a sixth of the bytes.

A page holds a secret (the form's token) beside words that a visitor may have chosen; from the length of such a
compressed page the secret can be guessed in many thousand tries. A name of random length in the head of the
compressed body hides the length, as `docs/decisions/0007-pages-without-a-build.md` says.
"""

import io
import secrets
from gzip import GzipFile

from flask import Flask, Response, request

WORTHWHILE = 1024  # bytes: what is smaller goes in the same packet anyway
LEVEL = 5  # above it the work grows quicker than the saving
LONGEST_NAME = 100


def register(app: Flask) -> None:
    """Compress after the headers of the page are written: register before ``web``."""
    app.after_request(_compress)


def _compress(answer: Response) -> Response:
    if not _is_page(answer):
        return answer
    answer.vary.add("Accept-Encoding")
    if request.accept_encodings.quality("gzip") > 0:
        answer.set_data(compressed(answer.get_data()))
        answer.headers["Content-Encoding"] = "gzip"
    return answer


def _is_page(answer: Response) -> bool:
    if answer.mimetype != "text/html" or answer.is_streamed or answer.direct_passthrough:
        return False
    return "Content-Encoding" not in answer.headers and len(answer.get_data()) >= WORTHWHILE


def compressed(body: bytes) -> bytes:
    """The body as gzip, longer by a random number of bytes."""
    packed = io.BytesIO()
    name = "a" * (1 + secrets.randbelow(LONGEST_NAME))
    with GzipFile(filename=name, mode="wb", compresslevel=LEVEL, fileobj=packed, mtime=0) as file:
        file.write(body)
    return packed.getvalue()
