"""The flask commands. Each has a test and is described in docs/operations.md."""

from flask import Flask


def register(app: Flask) -> None:
    """Bind every group of commands."""
