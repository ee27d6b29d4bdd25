"""Pages are compressed for those who ask for it, and their length tells nothing."""

import gzip
import re

import pytest

from portal.compressed_pages import compressed
from tests.support.client import unpacked

GZIP = {"Accept-Encoding": "gzip, deflate"}


def told(page: bytes) -> str:
    """The page without what differs from one request to the next."""
    return re.sub(r'(value|content)="[^"]*"', "", page.decode())


def test_a_page_is_the_same_compressed_and_a_fraction_of_the_size(as_, world):
    lead = as_("lead")
    plain, packed = lead.get("/"), lead.get("/", headers=GZIP)
    assert (plain.headers.get("Content-Encoding"), packed.headers["Content-Encoding"]) == (None, "gzip")
    assert told(unpacked(packed)) == told(plain.data)
    assert len(packed.data) < len(plain.data) / 3
    assert int(packed.headers["Content-Length"]) == len(packed.data)
    assert all("Accept-Encoding" in each.headers["Vary"] for each in (plain, packed))
    assert "HX-Target" in packed.headers["Vary"]


@pytest.mark.parametrize("asked", ["", "identity", "gzip;q=0", "br"])
def test_who_does_not_ask_gets_the_page_as_it_is(as_, world, asked):
    answer = as_("lead").get("/", headers={"Accept-Encoding": asked})
    assert "Content-Encoding" not in answer.headers
    assert answer.data.startswith(b"<!doctype html>")


def test_files_and_errors(as_, world):
    lead = as_("lead")
    book = lead.get(f"/clusters/{world.cluster.id}/week.xlsx", headers=GZIP)
    assert ("Content-Encoding" in book.headers, book.data[:2]) == (False, b"PK")
    lost = lead.get("/nowhere", headers=GZIP)
    assert (lost.status_code, lost.headers["Content-Encoding"]) == (404, "gzip")
    assert "没有找到这一页" in unpacked(lost).decode()


def test_the_same_page_has_many_lengths():
    body = "同一页".encode() * 500
    packed = [compressed(body) for _ in range(20)]
    assert {gzip.decompress(each) for each in packed} == {body}
    assert len({len(each) for each in packed}) > 1
