"""Compressed copies of static files: never stale, and sent to browsers that take them."""

import gzip
import os

import pytest
from flask import Flask

from portal import static_files

STYLE = "body { color: black }\n" * 100


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "css").mkdir()
    (tmp_path / "css" / "page.css").write_text(STYLE)
    (tmp_path / "css" / "small.css").write_text("a {}")
    (tmp_path / "picture.png").write_bytes(b"x" * 1000)
    return tmp_path


def copies(folder):
    return {
        str(path.relative_to(folder)): gzip.decompress(path.read_bytes()) for path in folder.rglob("*.gz")
    }


def test_worthwhile_files_get_a_compressed_copy(folder):
    static_files.compress(folder)
    assert copies(folder) == {"css/page.css.gz": STYLE.encode()}


@pytest.mark.parametrize("moment", [10, 4_000_000_000])
def test_changed_file_gets_a_new_copy_even_with_an_older_moment(folder, moment):
    static_files.compress(folder)
    changed = STYLE.replace("black", "white")
    (folder / "css" / "page.css").write_text(changed)
    os.utime(folder / "css" / "page.css", (moment, moment))
    static_files.compress(folder)
    assert copies(folder) == {"css/page.css.gz": changed.encode()}


def test_file_that_became_small_loses_its_copy(folder):
    static_files.compress(folder)
    (folder / "css" / "page.css").write_text("b {}")
    static_files.compress(folder)
    assert copies(folder) == {}


def test_browser_gets_the_copy_for_a_year(folder):
    app = Flask("static", static_folder=str(folder))
    static_files.register(app)
    with app.test_client().get("/static/css/page.css", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.headers["Cache-Control"] == "max-age=31536000, public"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert gzip.decompress(answer.data) == STYLE.encode()
    with app.test_client().get("/static/css/page.css", headers={"Accept-Encoding": "identity"}) as answer:
        assert answer.data == STYLE.encode()
